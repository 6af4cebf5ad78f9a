/**
 * Who is signed in. The access token lives in memory alone; the refresh token is a cookie that no script can read.
 * The custom header keeps other sites from using that cookie.
 */
import { signal } from '@preact/signals';
import { ApiError, toError } from './errors';

export type SessionState = 'unknown' | 'in' | 'out';

interface Granted {
  access_token: string;
  expires_in: number;
}

export interface Challenge {
  challenge: 'SOFTWARE_TOKEN_MFA';
  session: string;
}

export const state = signal<SessionState>('unknown');
const HEADERS = { 'Content-Type': 'application/json', 'X-Smart-Cooking': 'web' };
/** Seconds before its end in which an access token is renewed rather than used. */
const MARGIN = 60;

/** That somebody was signed in here when the browser was last open. Says nothing about who, and opens nothing. */
const MARK = 'signed-in';

/** Groups of who is signed in, as the token says: for what is shown only. What they may do, the API decides. */
export const groups = signal<readonly string[]>([]);

/** The id of who is signed in, as the token says; empty while nobody is, or while nobody could be asked. */
export const myId = signal('');

let token = '';
let expiresAt = 0;
let renewing: Promise<boolean> | null = null;

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/v1/session${path}`, {
      method,
      headers: { ...HEADERS, 'Accept-Language': document.documentElement.lang },
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, 'offline');
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw toError(response, answer);
  return answer;
}

function keep(granted: Granted): void {
  token = granted.access_token;
  expiresAt = Date.now() + (granted.expires_in - MARGIN) * 1000;
  localStorage.setItem(MARK, '1');
  const claims = claimsOf(token);
  groups.value = claims['cognito:groups'] ?? [];
  myId.value = claims.sub ?? '';
  state.value = 'in';
}

interface Claims {
  sub?: string;
  'cognito:groups'?: string[];
}

/** Read what a token says; it was checked by whoever gave it. */
export function claimsOf(jwt: string): Claims {
  try {
    const payload = (jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(payload)) as Claims;
  } catch {
    return {};
  }
}

export async function signIn(username: string, password: string): Promise<Challenge | null> {
  const answer = (await call('POST', '', { username, password })) as Granted | Challenge;
  if ('challenge' in answer) return answer;
  keep(answer);
  return null;
}

export async function answerChallenge(session: string, username: string, code: string): Promise<void> {
  keep((await call('POST', '/challenge', { session, username, code })) as Granted);
}

/** Renew the access token; false when nobody is signed in. Tabs and requests that ask at once share one renewal. */
export function renew(): Promise<boolean> {
  renewing ??= withLock(async () => {
    try {
      keep((await call('POST', '/refresh')) as Granted);
      return true;
    } catch (error) {
      if (
        error instanceof ApiError &&
        (error.status === 401 || error.status === 400 || error.status === 403)
      ) {
        forget();
        return false;
      }
      throw error;
    }
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? ((await navigator.locks.request('session', work)) as T) : work();
}

export async function accessToken(): Promise<string> {
  if (state.value === 'out') return '';
  if (token && Date.now() < expiresAt) return token;
  try {
    await renew();
  } catch (error) {
    // Without a network the service worker answers from what it has kept.
    if (!(error instanceof ApiError && error.status === 0)) throw error;
  }
  return token;
}

/** Find out, as the client starts, who is signed in. Where nobody can be asked, whoever was signed in still is. */
export async function resume(): Promise<void> {
  if (!localStorage.getItem(MARK)) {
    forget();
    return;
  }
  await renew().catch(() => {
    state.value = 'in';
  });
}

export function forget(): void {
  token = '';
  expiresAt = 0;
  groups.value = [];
  myId.value = '';
  localStorage.removeItem(MARK);
  state.value = 'out';
}

/** Sign out here, and remove what the browser keeps about the person: the page begins anew, with an empty memory. */
export async function signOut(): Promise<void> {
  try {
    await call('DELETE', '');
  } finally {
    forget();
    for (const name of Object.keys(localStorage)) if (!OF_THE_DEVICE.has(name)) localStorage.removeItem(name);
    await caches.delete('data').catch(() => false);
    channel?.postMessage('out');
    location.assign('/');
  }
}

/** Choices that belong to the device, not to the person. */
const OF_THE_DEVICE = new Set(['language', 'theme']);

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('session') : null;
channel?.addEventListener('message', (event) => {
  if (event.data !== 'out') return;
  forget();
  location.assign('/');
});
