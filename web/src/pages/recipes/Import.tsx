import { ChevronRight } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, language, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { post } from '~/lib/pictures';
import { JobProgress, useJob } from '~/parts/Job';
import { Area, Choice, Field, Input } from '~/ui';
import { Send } from '~/ui/Send';

type Kind = 'url' | 'text' | 'file';
type FileType = Schemas['UploadInRequest']['content_type'];
const TYPES: Record<string, FileType> = {
  json: 'application/json',
  jsonld: 'application/ld+json',
  gz: 'application/gzip',
  txt: 'text/plain',
  html: 'text/html',
  htm: 'text/html',
};

/** Bring recipes along from elsewhere; a worker reads them, then one checks what it was not sure of. */
export default function Import() {
  const { route } = useLocation();
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob(jobId, (ended) => {
    if (ended.state !== 'done' || !ended.result) return;
    void queries.invalidateQueries({ queryKey: ['imports'] });
    route(`/import/${ended.result.id}`);
  });
  const isFailed = job.data?.state === 'failed';
  return (
    <Page title={t('import.title')} lead={t('import.lead')} reading>
      {jobId && <JobProgress job={job.data} label={t('import.reading')} />}
      {(!jobId || isFailed) && <Form onBegun={setJobId} />}
      <Earlier />
    </Page>
  );
}

function Form({ onBegun }: { onBegun: (job: string) => void }) {
  const [kind, setKind] = useState<Kind>('url');
  const [url, setUrl] = useState('');
  const [text, setText, clear] = useDraft('import', '');
  const [file, setFile] = useState<File | null>(null);
  const { submit, busy, error, about } = useSubmit(async () => {
    const given = { url: { url }, text: { text, language: language.value }, file: {} }[kind];
    const body = kind === 'file' && file ? { upload_id: await send(file) } : given;
    const job = await unwrap(api.POST('/v1/imports', { body }));
    if (kind === 'text') clear();
    onBegun(job.id);
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <Choice
        single
        legend={t('import.how')}
        options={(['url', 'text', 'file'] as const).map((value) => ({
          value,
          label: t(`import.kind_${value}`),
        }))}
        chosen={[kind]}
        onChange={(chosen) => chosen[0] && setKind(chosen[0] as Kind)}
      />
      {kind === 'url' && (
        <Input
          label={t('import.url')}
          type="url"
          value={url}
          onText={setUrl}
          placeholder="https://"
          error={about('url')}
          required
        />
      )}
      {kind === 'text' && (
        <Area
          label={t('import.text')}
          hint={t('import.text_hint')}
          value={text}
          onText={setText}
          maxLength={20_000}
          error={about('text')}
          required
        />
      )}
      {kind === 'file' && (
        <Field label={t('import.file')} hint={t('import.file_hint')} error={about('size')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="file"
              accept=".json,.jsonld,.zip,.gz,.txt,.html,.htm,.paprikarecipes,.melarecipes"
              onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
              required
            />
          )}
        </Field>
      )}
      <Send busy={busy} error={error} label={t('import.begin')} />
    </form>
  );
}

function send(file: File): Promise<string> {
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  return post(file, 'import', TYPES[ending] ?? 'application/zip');
}

function Earlier() {
  const list = usePages<Schemas['ImportBriefOut']>(['imports'], (cursor) =>
    unwrap(api.GET('/v1/imports', { params: { query: { cursor, limit: 10 } } })),
  );
  if (!list.items.length) return null;
  return (
    <section class="stack-s">
      <h2>{t('import.earlier')}</h2>
      <ul class="lines card">
        {list.items.map((one) => (
          <li key={one.id}>
            <a class="grow" href={`/import/${one.id}`}>
              {one.url ?? t(`import.kind_${one.kind}`)}
              <br />
              <span class="small soft">
                {ago(one.created_at)} · {t('import.found', { count: one.count })}
              </span>
            </a>
            <ChevronRight size={20} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </section>
  );
}
