/** What the plain pages are made of: language, elements, money, calls to the API, and the session. */

const root = document.documentElement;
const LANGUAGE_KEY = 'openrun.language';
const ATTEMPTS_MAX = 4;
const RETRY_AFTER_MAX_SECONDS = 5;
const NOTICE_MS = 8000;
const NOTICES_MAX = 3;

/** Whether there are built-in accounts to sign in with. */
const hasAccounts = root.dataset.accounts === 'true';

/** The chosen language, or null; a browser may refuse to keep anything. */
function keptLanguage() {
  try {
    const kept = localStorage.getItem(LANGUAGE_KEY);
    return kept === 'ko' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
}

const language = keptLanguage() ?? root.lang;
root.lang = language;

export const say = (en, ko) => (language === 'ko' ? ko : en);

/** An element with properties and children. Children that are strings become text, never markup. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that runs `work` once at a time and tells what goes wrong. */
export function button(label, work, properties = {}) {
  const element = el('button', { type: 'button', ...properties }, label);
  element.addEventListener('click', () => void attempt([element], work));
  return element;
}

/** A form of labelled fields; `work` gets their values by name. `fields`: `[name, label, properties]`, or an element with a name. */
export function form(fields, submitLabel, work, properties = {}) {
  const submit = el('button', { type: 'submit' }, submitLabel);
  const rows = fields.map((field) => {
    if (field instanceof Element) return field;
    const [name, label, more = {}] = field;
    const input = el('input', { name, required: true, ...more });
    return more.type === 'checkbox' ? el('label', { className: 'check' }, input, label) : el('label', {}, label, input);
  });
  const element = el('form', properties, ...rows, submit);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt([submit], () => work(Object.fromEntries(new FormData(element)), element));
  });
  return element;
}

/** A drop-down list; `choices`: `[value, label, disabled?]`. */
export function select(name, label, choices, properties = {}) {
  const options = choices.map(([value, text, disabled = false]) => el('option', { value, disabled }, text));
  const element = el('select', { name, ...properties }, ...options);
  return el('label', {}, label, element);
}

async function attempt(buttons, work) {
  for (const element of buttons) element.disabled = true;
  try {
    await work();
  } catch (error) {
    notify(error instanceof Problem ? error.message : say('Something went wrong.', '문제가 발생했습니다.'), true);
    if (!(error instanceof Problem)) throw error;
  } finally {
    for (const element of buttons) element.disabled = false;
  }
}

export function notify(text, isError = false) {
  const notice = el('p', { className: isError ? 'notice error' : 'notice' }, text);
  const notices = document.querySelector('#notices');
  notices.append(notice);
  if (notices.childElementCount > NOTICES_MAX) notices.firstElementChild.remove();
  setTimeout(() => notice.remove(), NOTICE_MS);
}

const format = new Intl.NumberFormat(language, { style: 'currency', currency: root.dataset.currency });
const MINOR_UNITS = 10 ** format.resolvedOptions().maximumFractionDigits;

/** An amount of minor units, as people write it. */
export const money = (amount) => format.format(amount / MINOR_UNITS);
/** What was typed, in minor units. */
export const minorUnits = (typed) => Math.round(Number(typed) * MINOR_UNITS);
/** The properties of a field for an amount. */
export const moneyField = { type: 'number', min: 1 / MINOR_UNITS, step: 1 / MINOR_UNITS };

export const time = (iso) => new Date(iso).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });

/** A refusal of the API, or no answer at all; `message` is for people. */
class Problem extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Keys of writes whose outcome is not known yet: pressing the button again repeats such a write and never doubles it. */
const openKeys = new Map();

/** Calls the API and gives the parsed answer. Writes carry an idempotency key, so they are repeated while the server cannot be reached. */
export async function call(method, path, body) {
  if (method === 'GET') return send(method, path, body, {});
  const intent = JSON.stringify([method, path, body]);
  const key = openKeys.get(intent) ?? newKey();
  openKeys.set(intent, key);
  try {
    const answer = await send(method, path, body, { 'idempotency-key': key });
    openKeys.delete(intent);
    return answer;
  } catch (problem) {
    if (problem instanceof Problem && problem.status > 0 && problem.status < 500) openKeys.delete(intent);
    throw problem;
  }
}

async function send(method, path, body, extraHeaders) {
  const headers = { 'accept-language': language, ...extraHeaders };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const attempts = path.startsWith('/auth/') ? 1 : ATTEMPTS_MAX;
  for (let count = 1; ; count += 1) {
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) }).catch(() => null);
    if (response?.ok) return response.status === 204 ? null : response.json();
    const isFinal = response !== null && response.status !== 503;
    if (isFinal || count === attempts) throw await problemOf(response);
    const seconds = Math.min(Number(response?.headers.get('retry-after') ?? 0) || count / 2, RETRY_AFTER_MAX_SECONDS);
    await new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
    });
  }
}

async function problemOf(response) {
  const problem = await response?.json().catch(() => null);
  if (!problem) return new Problem(response?.status ?? 0, 'NO_ANSWER', say('The server cannot be reached.', '서버에 연결할 수 없습니다.'));
  const fields = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`);
  // The detail is for programs; people want the title and the figures.
  const figures = ['available', 'remaining', 'required', 'balance'].flatMap((name) =>
    name in problem ? [`${name}: ${problem[name]}`] : [],
  );
  return new Problem(problem.status, problem.code, [problem.title, ...figures, ...fields].join(' · '));
}

/** Random also where the page did not come over https, which `crypto.randomUUID` needs. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The items of all pages of a list that are wanted, one page at a time: `more()` gives the next items, null after the last. */
export function pages(path, query = {}) {
  let cursor = '';
  return async () => {
    if (cursor === null) return null;
    const parameters = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) });
    const { items, nextCursor } = await call('GET', `${path}?${parameters}`);
    cursor = nextCursor;
    return { items, isLast: nextCursor === null };
  };
}

/** Fills `target` with the first page of a list, and a button for each next one. */
export async function showList(target, more, present, emptyText) {
  const rows = el('div', { className: 'rows' });
  const nextButton = button(say('More', '더 보기'), () => next());
  const next = async () => {
    const { items, isLast } = await more();
    rows.append(...items.map(present));
    nextButton.hidden = isLast;
  };
  await next();
  if (rows.childElementCount === 0) rows.append(el('p', { className: 'quiet' }, emptyText));
  target.replaceChildren(rows, nextButton);
}

/** The signed-in user of the built-in accounts, or null. */
export async function currentUser() {
  return hasAccounts ? (await call('GET', '/auth/session')).user : null;
}

const email = ['email', say('Email', '이메일'), { type: 'email', autocomplete: 'username' }];

/** The form to sign in with. */
export function signIn(done) {
  if (!hasAccounts) {
    const en = 'This shop has an identity provider of its own: sign in there, and use the API with its tokens.';
    const ko = '이 상점은 자체 인증 서버를 사용합니다. 그곳에서 로그인한 뒤 발급받은 토큰으로 API를 이용해 주세요.';
    return el('p', { className: 'quiet' }, say(en, ko));
  }
  const submit = async (values) => {
    const { user } = await call('POST', '/auth/sign-in', values);
    await done(user);
  };
  const password = ['password', say('Password', '비밀번호'), { type: 'password', autocomplete: 'current-password' }];
  return form([email, password], say('Sign in', '로그인'), submit);
}

/** The bar at the top: where one is, the language, and who is signed in. */
export function topBar(title, link, user) {
  document.title = title;
  const toggle = button(say('한국어', 'English'), () => {
    localStorage.setItem(LANGUAGE_KEY, say('ko', 'en'));
    location.reload();
  });
  const leave = async () => {
    await call('POST', '/auth/sign-out');
    location.reload();
  };
  const who = user === null ? null : el('span', { className: 'who' }, user.name);
  const signOut = user === null ? null : button(say('Sign out', '로그아웃'), leave);
  return el(
    'header',
    {},
    el('h1', {}, title),
    el('a', { href: link[0] }, link[1]),
    el('span', { className: 'grow' }),
    who,
    signOut,
    toggle,
  );
}
