// SPDX-License-Identifier: GPL-2.0-or-later

/** What getToken() of a wwsf*.js throws when the user has to sign in first. */
export class NotSignedIn extends Error {
  name = 'NotSignedIn';
}
