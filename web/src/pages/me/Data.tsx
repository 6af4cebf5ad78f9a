import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { signOut } from '~/api/session';
import { date, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { Consent } from '~/parts/Consent';
import { type Job, JobProgress, useJob } from '~/parts/Job';
import { Button, Check, Notice, Problem } from '~/ui';
import { Jobs } from './Jobs';
import { NONE, ProofFields, sent } from './Proof';

/** A copy of everything that is held about oneself, and the end of the account. */
export default function Data() {
  return (
    <Page title={t('data.title')} reading>
      <Archive
        title={t('data.export')}
        lead={t('data.export_lead')}
        ask={() => unwrap(api.POST('/v1/users/me/export'))}
      />
      <Archive
        title={t('data.recipes')}
        lead={t('data.recipes_lead')}
        ask={() => unwrap(api.GET('/v1/users/me/recipes/archive'))}
      />
      <Jobs />
      <Consent />
      <Delete />
    </Page>
  );
}

interface ArchiveProps {
  title: string;
  lead: string;
  ask: () => Promise<Job>;
}

/** A zip that a job puts together, and the way to download it once it is there. */
function Archive({ title, lead, ask }: ArchiveProps) {
  const [jobId, setJobId] = useState<string | null>(null);
  const { data: job } = useJob(jobId, () => void queries.invalidateQueries({ queryKey: ['jobs'] }));
  const begin = useSubmit(async () => setJobId((await ask()).id));
  const archive = job?.state === 'done' ? job.result?.id : undefined;
  const download = useSubmit(async () => {
    const params = { params: { path: { archive_id: archive ?? '' } } };
    location.assign((await unwrap(api.GET('/v1/users/me/export/{archive_id}', params))).url);
  });
  const problem = begin.error ?? download.error;
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <p class="soft">{lead}</p>
      {problem != null && <Problem error={problem} />}
      {jobId && !archive && <JobProgress job={job} label={t('data.preparing')} />}
      {archive ? (
        <div class="stack-s">
          <div>
            <Button kind="primary" busy={download.busy} onClick={() => void download.submit()}>
              {t('data.download')}
            </Button>
          </div>
          <p class="hint">{t('data.expired')}</p>
        </div>
      ) : (
        <div>
          <Button
            busy={begin.busy}
            disabled={Boolean(jobId) && job?.state !== 'failed'}
            onClick={() => void begin.submit()}
          >
            {t('data.begin')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Delete() {
  const [proof, setProof] = useState(NONE);
  const [atOnce, setAtOnce] = useState(false);
  const [isSure, setSure] = useState(false);
  const [due, setDue] = useState('');
  const { submit, busy, error, about } = useSubmit(async () => {
    // OpenAPI has no bodies of DELETE, so that the types do not know it.
    const body = { ...sent(proof), at_once: atOnce } as never;
    setDue((await unwrap(api.DELETE('/v1/users/me', { body }))).due);
  });
  if (due)
    return (
      <Notice kind="warn" role="status">
        <p>{t('data.gone', { date: date(due) })}</p>
        <Button onClick={() => void signOut().catch(() => undefined)}>{t('me.sign_out')}</Button>
      </Notice>
    );
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('data.delete')}</h2>
      <p class="soft">{t('data.delete_lead')}</p>
      <ProofFields value={proof} onChange={setProof} about={about} error={error} />
      <Check label={t('data.at_once')} checked={atOnce} onChange={setAtOnce} />
      <Check label={t('data.delete_sure')} checked={isSure} onChange={setSure} />
      {error != null && <Problem error={error} />}
      <div>
        <Button kind="danger" type="submit" busy={busy} disabled={!isSure}>
          {t('data.delete')}
        </Button>
      </div>
    </form>
  );
}
