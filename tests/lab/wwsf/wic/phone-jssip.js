// SPDX-License-Identifier: GPL-2.0-or-later
// The phone on unmodified JsSIP 3.x. phone-sipjs.js is the same phone on SIP.js; app.js does not know which it has.
import JsSIP from '/vendor/jssip.js';
import { Registration } from './registration.js';
import { readSipMessage } from './sip-message.js';

const REGISTER_TIMEOUT_MS = 35_000; // a little more than JsSIP's own 32 s

/** A JsSIP socket that also shows every message to `tap`. */
class TappedSocket {
  #socket;
  #tap;

  constructor(url, tap) {
    this.#socket = new JsSIP.WebSocketInterface(url);
    this.#tap = tap;
  }

  get url() { return this.#socket.url; }
  get sip_uri() { return this.#socket.sip_uri; }
  get via_transport() { return this.#socket.via_transport; }
  set via_transport(value) { this.#socket.via_transport = value; }
  set onconnect(handler) { this.#socket.onconnect = handler; }
  set ondisconnect(handler) { this.#socket.ondisconnect = handler; }
  set ondata(handler) {
    this.#socket.ondata = (data) => {
      this.#tap('in', data);
      handler(data);
    };
  }

  connect() { this.#socket.connect(); }
  disconnect() { this.#socket.disconnect(); }
  isConnected() { return this.#socket.isConnected(); }
  isConnecting() { return this.#socket.isConnecting(); }

  send(message) {
    this.#tap('out', message);
    return this.#socket.send(message);
  }
}

function endReason({ cause, message }) {
  return message?.status_code ? `${message.status_code} ${message.reason_phrase}` : cause;
}

/**
 * new JsSipPhone({wssUrl, impu, name, instanceId, getToken, on}), `on` being
 *   registration(state, reason)  connecting, registering, registered, failed, refused, lost, unreachable, off
 *   impu(uri)                    what others call this user by
 *   call(state, peer, reason)    calling, ringing, incoming, active, ended
 *   media(stream)                the other side's audio
 *   sip(message)                 each SIP message, see sip-message.js
 */
export class JsSipPhone {
  static library = `JsSIP ${JsSIP.version}`;
  #ua;
  #on;
  #registration;
  #session = null;
  #answered = null; // resolves the REGISTER in flight
  #wasConnected = false;
  #stopped = false;

  constructor({ wssUrl, impu, name, instanceId, getToken, on }) {
    this.#on = on;
    this.#registration = new Registration({
      getToken,
      send: (token) => this.#register(token),
      onState: (state, reason) => this.#registrationState(state, reason),
    });
    this.#ua = new JsSIP.UA({
      sockets: [new TappedSocket(wssUrl, (direction, text) => this.#tap(direction, text))],
      uri: impu,
      display_name: name,
      instance_id: instanceId,
      register: false, // Registration decides when: JsSIP's own REGISTER on connect would go out with the old token
      register_expires: 3600,
      connection_recovery_min_interval: 2,
      connection_recovery_max_interval: 30,
    });
    this.#listen();
  }

  start() {
    this.#ua.start();
  }

  /** De-registers, ends calls and closes the connection; resolves when that is done, or after 3 s. */
  async stop() {
    this.#stopped = true;
    this.#registration.stop();
    if (!this.#ua.isConnected()) {
      this.#ua.stop();
      return;
    }
    const done = new Promise((resolve) => {
      this.#ua.once('disconnected', resolve);
      setTimeout(resolve, 3000);
    });
    this.#ua.stop();
    await done;
    this.#on.registration('off', '');
  }

  renew() {
    return this.#registration.renew();
  }

  call(uri) {
    this.#ua.call(uri, { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  }

  accept() {
    this.#session?.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  }

  reject() {
    this.#session?.terminate({ status_code: 603, reason_phrase: 'Decline' });
  }

  hangUp() {
    this.#session?.terminate();
  }

  sendTone(tone) {
    this.#session?.sendDTMF(tone, { transportType: 'RFC2833' });
  }

  setMuted(muted) {
    if (muted) this.#session?.mute({ audio: true });
    else this.#session?.unmute({ audio: true });
  }

  /** Another offer: this side sends, or both do. */
  setHeld(held) {
    if (held) this.#session?.hold();
    else this.#session?.unhold();
  }

  /** The RTCPeerConnection of the call, or null. */
  get peerConnection() {
    return this.#session?.connection ?? null;
  }

  #listen() {
    this.#ua.on('connecting', () => this.#on.registration('connecting', ''));
    this.#ua.on('connected', () => {
      this.#wasConnected = true;
      this.#registration.connected();
    });
    this.#ua.on('disconnected', ({ error, code, reason }) => {
      this.#registration.lost();
      this.#settle({ code: 0, phrase: 'connection lost' });
      if (this.#stopped) return;
      if (!this.#wasConnected) this.#on.registration('unreachable', '');
      else if (error || code) this.#on.registration('lost', [code, reason].filter(Boolean).join(' '));
    });
    this.#ua.on('registered', ({ response }) => {
      const impu = /<([^>]*)>/.exec(response.getHeader('P-Associated-URI') ?? '')?.[1];
      if (impu) this.#on.impu(impu);
    });
    // With a listener here JsSIP leaves the renewal to us.
    this.#ua.on('registrationExpiring', () => this.#registration.renew());
    this.#ua.on('newRTCSession', ({ session, request }) => this.#newSession(session, request));
  }

  /** ua.set() gives the token to each later request. registrator() and not ua.register(), which would set JsSIP's
   *  own register-on-connect again. */
  #register(token) {
    this.#ua.set('authorization_jwt', `Bearer ${token}`);
    return new Promise((resolve) => {
      this.#answered = resolve;
      setTimeout(() => this.#settle({ code: 0, phrase: 'no answer' }, resolve), REGISTER_TIMEOUT_MS);
      this.#ua.registrator().register();
    });
  }

  /** Answers the REGISTER in flight, once; a late timer of an earlier one finds that it is not the one. */
  #settle(answer, only = this.#answered) {
    if (!this.#answered || only !== this.#answered) return;
    this.#answered = null;
    only(answer);
  }

  #tap(direction, text) {
    const message = readSipMessage(direction, text);
    if (!message) return;
    this.#on.sip(message);
    // JsSIP raises no event when a refresh succeeds, so the answer is taken from here.
    if (direction === 'in' && message.method === 'REGISTER' && message.code >= 200 && message.code !== 423) {
      this.#settle(message);
    }
  }

  #registrationState(state, reason) {
    if (state === 'refused') {
      this.#stopped = true;
      this.#ua.stop();
    }
    this.#on.registration(state, reason);
  }

  #newSession(session, request) {
    if (this.#session) {
      session.terminate({ status_code: 486, reason_phrase: 'Busy Here' });
      return;
    }
    this.#session = session;
    const peer = session.remote_identity.uri.toAor();
    const incoming = session.direction === 'incoming';
    const state = (name, reason = '') => this.#on.call(name, peer, reason);
    const end = (event) => {
      this.#session = null;
      state('ended', endReason(event));
    };
    session.on('progress', () => incoming || state('ringing'));
    session.on('confirmed', () => state('active'));
    session.on('ended', end);
    session.on('failed', end);
    session.on('peerconnection', ({ peerconnection }) => this.#hear(peerconnection));
    if (session.connection) this.#hear(session.connection);
    state(incoming ? 'incoming' : 'calling', request.getHeader('subject') ?? '');
  }

  #hear(connection) {
    connection.addEventListener('track', ({ streams }) => this.#on.media(streams[0]));
  }
}
