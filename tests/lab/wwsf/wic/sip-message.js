// SPDX-License-Identifier: GPL-2.0-or-later
// What the page reads from a SIP message on the wire: enough for the message log and for the outcome of a
// REGISTER. Credentials are not among it, so they cannot get into the log.

function header(text, name) {
  const match = new RegExp(`^${name}\\s*:\\s*(.*)$`, 'im').exec(text);
  return match ? match[1].trim() : '';
}

/** {direction: 'in'|'out', firstLine, method, code (0 in a request), phrase, callId, cseq, ...}, or null for a keep-alive. */
export function readSipMessage(direction, text) {
  if (typeof text !== 'string' || !text.trim()) return null;
  const head = text.split('\r\n\r\n', 1)[0];
  const firstLine = head.split('\r\n', 1)[0];
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(firstLine);
  const cseq = header(head, 'CSeq');
  return {
    direction,
    firstLine,
    method: cseq.split(/\s+/)[1] ?? '',
    code: status ? Number(status[1]) : 0,
    phrase: status ? status[2] : '',
    callId: header(head, 'Call-ID'),
    cseq,
    // RFC 8898 section 4: why the token was refused.
    bearerError: /error="?([a-z_]+)/.exec(header(head, 'WWW-Authenticate'))?.[1] ?? '',
    retryAfter: Number.parseInt(header(head, 'Retry-After'), 10) || 0,
  };
}
