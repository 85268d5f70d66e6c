// SPDX-License-Identifier: GPL-2.0-or-later
// Settings from environment variables; a missing or unusable one stops the start.

export class SettingError extends Error {}

export function text(env, name, fallback) {
  const value = env[name] || fallback;
  if (value === undefined) throw new SettingError(`${name} is not set`);
  return value;
}

export function number(env, name, fallback, min, max) {
  const value = Number(text(env, name, String(fallback)));
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new SettingError(`${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}
