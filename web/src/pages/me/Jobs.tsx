import { api, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, number, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { isOpen, type Job } from '~/parts/Job';
import { Button, More, Problem, Skeletons } from '~/ui';

/** Where the result of a job is to be found; a download is asked for, since its link expires. */
const PAGES: Record<string, string> = { import: '/import/', plan: '/plans/' };

/** Work in the background: what came of it, and what has not begun can be called off. */
export function Jobs() {
  const list = usePages<Job>(['jobs'], (cursor) =>
    unwrap(api.GET('/v1/jobs', { params: { query: { cursor, limit: 10 } } })),
  );
  return (
    <section class="card stack">
      <h2>{t('jobs.title')}</h2>
      <p class="soft">{t('jobs.lead')}</p>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons count={1} height="4rem" />}
      {list.isSuccess && !list.items.length && <p class="soft">{t('jobs.none')}</p>}
      {list.items.length > 0 && (
        <ul class="lines" aria-label={t('jobs.title')}>
          {list.items.map((job) => (
            <Line key={job.id} job={job} />
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </section>
  );
}

function Line({ job }: { job: Job }) {
  const cancel = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/jobs/{job_id}', { params: { path: { job_id: job.id } } }));
    await queries.invalidateQueries({ queryKey: ['jobs'] });
  });
  const result = job.state === 'done' ? job.result : null;
  const page = result && PAGES[result.type];
  const percent = job.state === 'running' ? ` · ${number(100 * job.progress, 0)}%` : '';
  return (
    <li>
      <span class="grow">
        <strong>{t(`jobs.${job.kind}`)}</strong>
        <br />
        <span class="small soft">
          {t(`job.${job.state}`)}
          {percent} · {ago(job.created_at)}
        </span>
        {job.problem && <p class="small">{job.problem.detail || job.problem.title}</p>}
        {cancel.error != null && <Problem error={cancel.error} />}
      </span>
      {page && (
        <a class="button" href={`${page}${result.id}`}>
          {t('jobs.open')}
        </a>
      )}
      {result && job.kind === 'export' && <Fetch archive={result.id} />}
      {isOpen(job) && job.state === 'queued' && (
        <Button busy={cancel.busy} onClick={() => void cancel.submit()}>
          {t('common.cancel')}
        </Button>
      )}
    </li>
  );
}

function Fetch({ archive }: { archive: string }) {
  const { submit, busy, error } = useSubmit(async () => {
    const params = { params: { path: { archive_id: archive } } };
    location.assign((await unwrap(api.GET('/v1/users/me/export/{archive_id}', params))).url);
  });
  return (
    <span>
      {error != null && <Problem error={error} />}
      <Button busy={busy} onClick={() => void submit()}>
        {t('data.download')}
      </Button>
    </span>
  );
}
