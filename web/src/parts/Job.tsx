/** Work that takes longer than a request: its progress, and what to do once it has ended. */
import { useEffect } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { Button, Notice, Problem } from '~/ui';

export type Job = Schemas['JobOut'];

export const isOpen = (job: Job | undefined): boolean => job?.state === 'queued' || job?.state === 'running';

/** Follow a job until it has ended; `onEnd` is called once, however it ended. */
export function useJob(id: string | null | undefined, onEnd: (job: Job) => void = () => undefined) {
  const query = useQuery({
    queryKey: ['job', id],
    queryFn: () =>
      unwrap(api.GET('/v1/jobs/{job_id}', { params: { path: { job_id: id ?? '' }, query: { wait: 5 } } })),
    enabled: Boolean(id),
    refetchInterval: (state) => (isOpen(state.state.data) ? 500 : false),
    staleTime: 0,
  });
  const job = query.data;
  useEffect(() => {
    if (job && !isOpen(job)) onEnd(job);
  }, [job?.id, job?.state]);
  return query;
}

export function JobProgress({ job, label }: { job: Job | undefined; label: string }) {
  if (job?.problem)
    return (
      <Notice kind="bad" role="alert">
        <p>{job.problem.detail || job.problem.title}</p>
      </Notice>
    );
  return (
    <div class="notice" role="status">
      <div class="grow stack-s">
        <p>{label}</p>
        <progress max={1} value={job?.progress || undefined} aria-label={label} />
        {job && <p class="small soft">{t(`job.${job.state}`)}</p>}
        {job?.state === 'queued' && <Cancel job={job} />}
      </div>
    </div>
  );
}

/** What has not begun can be called off; what has begun by now goes on, and says so. */
function Cancel({ job }: { job: Job }) {
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/jobs/{job_id}', { params: { path: { job_id: job.id } } }));
    await queries.invalidateQueries({ queryKey: ['job', job.id] });
  });
  return (
    <div>
      {error != null && <Problem error={error} />}
      <Button busy={busy} onClick={() => void submit()}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
