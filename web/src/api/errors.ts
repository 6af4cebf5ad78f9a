import { t, waiting } from '~/i18n';

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export interface ProblemBody {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  request_id?: string;
  /** Of an account that has not been confirmed: which one, where the person signed in by e-mail. */
  username?: string;
  errors?: FieldProblem[];
}

const MINUTE = 60;

/** Whoever has to wait for more than a minute was not too fast but has used up what there is for now. */
const tooMany = (seconds: number): string =>
  t(seconds > MINUTE ? 'problem.used_up' : 'problem.too_many', { wait: waiting(seconds) });

/** An answer of the API that is a problem (RFC 9457), or no answer at all: then `status` is 0. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail = '',
    readonly errors: FieldProblem[] = [],
    readonly retryAfter: number | null = null,
    readonly requestId = '',
    readonly username = '',
  ) {
    super(`${status} ${code}`);
  }

  /** Says nothing about what was asked for: what is on the page stays there. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** One sentence for the person, always with something to do next. */
  sentence(): string {
    if (this.status === 0) return t('problem.offline');
    if (this.status === 429) return tooMany(this.retryAfter ?? MINUTE);
    if (this.status === 503) return t('problem.unavailable');
    if (this.status === 404) return this.detail || t('problem.not_found');
    // Without an id the answer is not the API's but that of something before it, which did not reach it.
    if (this.status >= 500)
      return this.requestId ? t('problem.server', { id: this.requestId }) : t('problem.unavailable');
    return this.detail || this.errors[0]?.message || t('problem.unexpected');
  }

  /** The message about one field of a form; `name` matches nested fields by their beginning as well. */
  about(name: string): string | undefined {
    return this.errors.find((error) => error.field === name || error.field.startsWith(`${name}.`))?.message;
  }
}

export function toError(response: Response, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<ProblemBody>;
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  return new ApiError(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? problem.title ?? '',
    problem.errors ?? [],
    retryAfter,
    problem.request_id ?? response.headers.get('X-Request-Id') ?? '',
    problem.username ?? '',
  );
}
