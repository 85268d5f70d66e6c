// SPDX-License-Identifier: GPL-2.0-or-later

/** What a person types -> SIP URI: "bob", "+15550002", "bob@other.test" and "sip:..." all work; '' if it cannot be one. */
export function targetUri(text, domain) {
  const target = text.trim();
  if (/^sip:[^\s<>"@]+@[^\s<>"@]+$/i.test(target)) return target;
  if (/^[^\s<>"@:]+@[^\s<>"@]+$/.test(target)) return `sip:${target}`;
  const number = target.replace(/[\s().-]/g, '');
  if (/^\+?[0-9*#]+$/.test(number)) return `sip:${number.replaceAll('#', '%23')}@${domain};user=phone`;
  if (/^[A-Za-z0-9._~!$&'*+=-]+$/.test(target)) return `sip:${target}@${domain}`;
  return '';
}
