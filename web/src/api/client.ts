/** Calls of the API: typed by its own description, with the token, the language and an idempotency key where one is due. */
import createClient, { type Middleware } from 'openapi-fetch';
import { language } from '~/i18n';
import { ApiError, toError } from './errors';
import type { components, paths } from './schema';
import * as session from './session';

export type Schemas = components['schemas'];

const retried = new WeakSet<Request>();
/** Keys of what was sent and not answered for good: the same again, after a lost answer, has one effect. */
const keys = new Map<string, string>();
const asked = new WeakMap<Request, string>();

const common: Middleware = {
  async onRequest({ request }) {
    request.headers.set('Accept-Language', language.value);
    const token = await session.accessToken();
    if (token) request.headers.set('Authorization', `Bearer ${token}`);
    if (request.method === 'POST') {
      const what = `${request.url} ${await request.clone().text()}`;
      const key = keys.get(what) ?? crypto.randomUUID();
      keys.set(what, key);
      asked.set(request, what);
      request.headers.set('Idempotency-Key', key);
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (isFinal(response.status)) keys.delete(asked.get(request) ?? '');
    if (response.status !== 401 || retried.has(request) || session.state.value === 'out') return response;
    // The token may have ended early: a changed password, a clock that is wrong.
    if (!(await session.renew())) return response;
    const again = new Request(request);
    again.headers.set('Authorization', `Bearer ${await session.accessToken()}`);
    retried.add(again);
    return fetch(again);
  },
};

/** What is sent again after this answer is something new. */
const isFinal = (status: number): boolean => status < 500 && ![401, 409, 425, 429].includes(status);

/** Requests keep a copy of their body, so that they can be sent again after the token was renewed. */
async function repeatable(input: Request): Promise<Response> {
  try {
    return await fetch(input.clone());
  } catch {
    throw new ApiError(0, 'offline');
  }
}

export const api = createClient<paths>({ baseUrl: '/', fetch: repeatable });
api.use(common);

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Return what an operation answers, or throw its problem as `ApiError`. */
export async function unwrap<T>(operation: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await operation;
  if (!response.ok) throw toError(response, error);
  return data as T;
}
