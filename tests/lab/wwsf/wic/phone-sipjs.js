// SPDX-License-Identifier: GPL-2.0-or-later
// The phone on unmodified SIP.js 0.21.x; see phone-jssip.js for what a phone is. SIP.js knows no tokens, so this
// puts the Authorization header on each request itself.
import {
  Inviter, Registerer, SessionState, UserAgent, UserAgentState, version,
} from '/vendor/sipjs.js';
import { Registration } from './registration.js';
import { readSipMessage } from './sip-message.js';

const RECONNECT_S = [2, 4, 8, 16, 30];
const AUDIO_ONLY = { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } };

/** SIP.js shows its traffic only by its logger. */
function tapLogger(tap) {
  return (level, category, label, content) => {
    const match = /^(Sending|Received) WebSocket (?:text |binary )?message:\n\n([^]*)\n$/.exec(content);
    if (match) tap(match[1] === 'Sending' ? 'out' : 'in', match[2]);
    else if (level === 'error' || level === 'warn') console.warn(`${category}: ${content}`);
  };
}

export class SipJsPhone {
  static library = `SIP.js ${version}`;
  #ua;
  #on;
  #registerer;
  #registration;
  #session = null;
  #authorization = [];
  #wasConnected = false;
  #reconnects = 0;
  #timer = null;
  #stopped = false;
  #ending = '';

  constructor({ wssUrl, impu, name, instanceId, getToken, on }) {
    this.#on = on;
    this.#registration = new Registration({
      getToken,
      send: (token) => this.#register(token),
      onState: (state, reason) => this.#registrationState(state, reason),
    });
    this.#ua = new UserAgent({
      uri: UserAgent.makeURI(impu),
      displayName: name,
      instanceId,
      instanceIdAlwaysAdded: true,
      gracefulShutdown: false, // stop() below de-registers with the token, which SIP.js would leave out
      transportOptions: { server: wssUrl, connectionTimeout: 10, traceSip: true },
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
      logBuiltinEnabled: false, // its log of the configuration would show the token
      logConfiguration: false,
      logConnector: tapLogger((direction, text) => this.#tap(direction, text)),
      delegate: {
        onConnect: () => this.#connected(),
        onDisconnect: (error) => this.#disconnected(error),
        onInvite: (invitation) => this.#newSession(invitation, 'incoming'),
      },
    });
    this.#registerer = new Registerer(this.#ua, { expires: 3600, instanceId, regId: 1, logConfiguration: false });
  }

  start() {
    this.#on.registration('connecting', '');
    // A first connection that fails is told only here.
    this.#ua.start().catch(() => {
      this.#on.registration('unreachable', '');
      this.#reconnect();
    });
  }

  async stop() {
    this.#registration.stop();
    if (this.#ua.isConnected()) {
      if (this.#session) this.hangUp();
      await Promise.race([this.#deregister(), new Promise((resolve) => { setTimeout(resolve, 3000); })]);
    }
    await this.#shutDown();
    this.#on.registration('off', '');
  }

  renew() {
    return this.#registration.renew();
  }

  call(uri) {
    const inviter = new Inviter(this.#ua, UserAgent.makeURI(uri), {
      ...AUDIO_ONLY,
      extraHeaders: this.#authorization,
    });
    this.#newSession(inviter, 'calling');
    inviter.invite({
      requestDelegate: {
        onProgress: () => this.#on.call('ringing', this.#peer(inviter), ''),
        onReject: ({ message }) => { this.#ending = `${message.statusCode} ${message.reasonPhrase}`; },
      },
    }).catch((error) => this.#ended(inviter, error.message));
  }

  accept() {
    this.#session?.accept(AUDIO_ONLY).catch((error) => this.#ended(this.#session, error.message));
  }

  reject() {
    this.#session?.reject({ statusCode: 603, reasonPhrase: 'Decline' });
  }

  hangUp() {
    const session = this.#session;
    if (session?.state === SessionState.Established) {
      session.bye({ requestOptions: { extraHeaders: this.#authorization } });
    } else if (session instanceof Inviter) {
      session.cancel();
    } else {
      this.reject();
    }
  }

  sendTone(tone) {
    this.#session?.sessionDescriptionHandler?.sendDtmf(tone);
  }

  setMuted(muted) {
    for (const { track } of this.peerConnection?.getSenders() ?? []) {
      if (track) track.enabled = !muted;
    }
  }

  setHeld(hold) {
    if (!this.#session) return;
    this.#session.sessionDescriptionHandlerOptionsReInvite = { ...AUDIO_ONLY.sessionDescriptionHandlerOptions, hold };
    this.#session.invite({ requestOptions: { extraHeaders: this.#authorization } }).catch(() => {});
  }

  get peerConnection() {
    return this.#session?.sessionDescriptionHandler?.peerConnection ?? null;
  }

  #connected() {
    this.#wasConnected = true;
    this.#reconnects = 0;
    this.#registration.connected();
  }

  #disconnected(error) {
    this.#registration.lost();
    if (this.#stopped || !this.#wasConnected) return;
    // "... (code: 1006)" is all that SIP.js tells about the closing.
    const code = /code: (\d+)/.exec(error?.message ?? '')?.[1] ?? '';
    this.#on.registration('lost', code);
    this.#reconnect();
  }

  #reconnect() {
    if (this.#stopped) return;
    const wait = RECONNECT_S[Math.min(this.#reconnects, RECONNECT_S.length - 1)];
    this.#reconnects += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#on.registration('connecting', '');
      this.#ua.reconnect().catch(() => {
        if (!this.#wasConnected) this.#on.registration('unreachable', '');
        this.#reconnect();
      });
    }, wait * 1000);
  }

  /** The token is kept for the requests in between; each REGISTER carries the newest. */
  #register(token) {
    this.#authorization = [`Authorization: Bearer ${token}`];
    return new Promise((resolve) => {
      // A response that SIP.js made itself (time-out, connection lost) has no text.
      const answer = ({ message }) => resolve(readSipMessage('in', message.data)
        ?? { code: 0, phrase: message.reasonPhrase });
      this.#registerer.register({
        requestOptions: { extraHeaders: this.#authorization },
        requestDelegate: {
          onAccept: ({ message }) => {
            const impu = /<([^>]*)>/.exec(message.getHeader('P-Associated-URI') ?? '')?.[1];
            if (impu) this.#on.impu(impu);
            answer({ message });
          },
          onReject: answer,
          onRedirect: answer,
        },
      }).catch((error) => resolve({ code: 0, phrase: error.message }));
    });
  }

  #deregister() {
    return new Promise((resolve) => {
      this.#registerer.unregister({
        requestOptions: { extraHeaders: this.#authorization },
        requestDelegate: { onAccept: resolve, onReject: resolve },
      }).catch(resolve);
    });
  }

  async #shutDown() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (this.#ua.state !== UserAgentState.Stopped) await this.#ua.stop();
  }

  #tap(direction, text) {
    const message = readSipMessage(direction, text);
    if (message) this.#on.sip(message);
  }

  #registrationState(state, reason) {
    if (state === 'refused') this.#shutDown();
    this.#on.registration(state, reason);
  }

  #peer(session) {
    const { user, host } = session.remoteIdentity.uri;
    return `sip:${user}@${host}`;
  }

  #newSession(session, state) {
    if (this.#session) {
      session.reject({ statusCode: 486, reasonPhrase: 'Busy Here' });
      return;
    }
    this.#session = session;
    this.#ending = '';
    session.delegate = {
      // Who has this delegate answers the BYE himself.
      onBye: (bye) => {
        this.#ending = 'Terminated';
        bye.accept();
      },
      onCancel: () => { this.#ending = 'Canceled'; },
      onSessionDescriptionHandler: (handler) => this.#hear(handler),
    };
    session.stateChange.addListener((now) => {
      if (now === SessionState.Established) this.#on.call('active', this.#peer(session), '');
      // The reason comes right behind the change of state.
      if (now === SessionState.Terminated) queueMicrotask(() => this.#ended(session, this.#ending || 'Terminated'));
    });
    this.#on.call(state, this.#peer(session), '');
  }

  #ended(session, reason) {
    if (!session || session !== this.#session) return;
    this.#session = null;
    this.#on.call('ended', this.#peer(session), reason);
  }

  #hear(handler) {
    handler.peerConnectionDelegate = {
      ontrack: ({ streams }) => this.#on.media(streams[0]),
    };
  }
}
