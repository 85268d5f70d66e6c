// SPDX-License-Identifier: GPL-2.0-or-later
// Everything that touches the page. It holds no SIP and no HTTP: what a person does goes out by `actions`, what
// happened comes in by the functions that createView() returns.

const LOG_MAX = 200;
const SIGN_IN_ERRORS = {
  wrong_user_or_password: 'User or password is wrong.',
  too_many_attempts: 'Too many attempts. Wait a minute.',
};
const REGISTRATION_TEXT = {
  connecting: 'Connecting',
  registering: 'Registering',
  registered: 'Registered',
  failed: 'Not registered',
  refused: 'Registration refused',
  lost: 'Connection lost, connecting again',
  unreachable: 'Cannot be reached',
  off: 'Not registered',
};
const CALL_TEXT = {
  calling: 'Calling', ringing: 'Ringing', incoming: 'Incoming call from', active: 'In a call with', ended: 'Ended: call with',
};

const $ = (id) => document.getElementById(id);
const show = (element, visible) => { element.hidden = !visible; };

function signInView(actions) {
  $('sign-in-form').addEventListener('submit', (event) => {
    event.preventDefault();
    actions.signIn($('user').value.trim(), $('password').value);
    $('password').value = '';
  });
  $('sign-in-elsewhere').addEventListener('click', () => actions.signIn());

  return function showSignIn(error) {
    show($('phone'), false);
    show($('sign-out'), false);
    show($('sign-in'), true);
    $('sign-in-error').textContent = SIGN_IN_ERRORS[error] ?? error;
    $('sip-log').replaceChildren();
    ($('sign-in-form').hidden ? $('sign-in-elsewhere') : $('user')).focus();
  };
}

/** 'password': the page asks; 'redirect': a button leads to where one signs in. */
function signsInBy(how) {
  show($('sign-in-form'), how === 'password');
  show($('sign-in-elsewhere'), how === 'redirect');
}

function registrationView(actions) {
  $('retry').addEventListener('click', actions.retry);

  return function registration(state, reason, url) {
    $('registration').dataset.state = state;
    $('registration-state').textContent = REGISTRATION_TEXT[state] ?? state;
    $('registration-reason').textContent = reason;
    show($('retry'), state === 'refused');
    show($('unreachable-help'), state === 'unreachable');
    $('unreachable-url').href = url.replace(/^wss:/, 'https:');
    $('unreachable-url').textContent = url;
  };
}

function callView(actions) {
  let state = 'idle';

  const buttons = (now) => {
    const inCall = ['calling', 'ringing', 'active'].includes(now);
    show($('call-button'), !inCall && now !== 'incoming');
    show($('accept'), now === 'incoming');
    show($('reject'), now === 'incoming');
    show($('hang-up'), inCall);
    for (const id of ['mute', 'hold']) {
      show($(id), now === 'active');
      if (now !== 'active') $(id).setAttribute('aria-pressed', 'false');
    }
  };

  $('call-form').addEventListener('submit', (event) => {
    event.preventDefault();
    $('target-error').textContent = '';
    if (!$('call-button').hidden) actions.call($('target').value);
  });
  $('accept').addEventListener('click', actions.accept);
  $('reject').addEventListener('click', actions.reject);
  $('hang-up').addEventListener('click', actions.hangUp);
  for (const id of ['mute', 'hold']) {
    $(id).addEventListener('click', () => {
      const pressed = $(id).getAttribute('aria-pressed') !== 'true';
      $(id).setAttribute('aria-pressed', String(pressed));
      actions[id](pressed);
    });
  }
  $('dial-pad').addEventListener('click', ({ target }) => {
    const { key } = target.dataset;
    if (!key) return;
    if (state === 'active') actions.tone(key);
    else $('target').value += key;
  });

  return {
    call(now, peer, reason) {
      state = now;
      $('call').dataset.state = now;
      $('call-state').textContent = `${CALL_TEXT[now]} ${peer}`;
      $('call-reason').textContent = reason;
      buttons(now);
      if (now === 'incoming') $('accept').focus();
      if (now === 'ended') $('remote-audio').srcObject = null;
    },
    media(stream) {
      $('remote-audio').srcObject = stream;
    },
    cannotCall(why) {
      $('target-error').textContent = why;
      $('target').focus();
    },
  };
}

function logView() {
  const list = $('sip-log');
  return function sip({ direction, firstLine, cseq }) {
    const item = document.createElement('li');
    item.className = direction;
    const time = new Date().toTimeString().slice(0, 8);
    const arrow = direction === 'out' ? '→' : '←';
    item.textContent = `${time} ${arrow} ${firstLine.replace(/ SIP\/2\.0$/, '')}  [${cseq}]`;
    list.append(item);
    while (list.childElementCount > LOG_MAX) list.firstElementChild.remove();
    list.scrollTop = list.scrollHeight;
  };
}

export function createView(actions) {
  $('sign-out').addEventListener('click', actions.signOut);
  return {
    library(text) { $('library').textContent = text; },
    signsInBy,
    showSignIn: signInView(actions),
    showPhone({ name, impus }) {
      show($('sign-in'), false);
      show($('phone'), true);
      show($('sign-out'), true);
      this.identity(name, impus[0] ?? '');
      $('target').focus();
    },
    identity(name, impu) { $('identity').textContent = `${name} · ${impu}`; },
    registration: registrationView(actions),
    ...callView(actions),
    sip: logView(),
  };
}
