import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { useOwnRating } from '~/parts/ownRating';
import { Area, Button, Problem, Stars } from '~/ui';
import { TakeOut } from './TakeOut';

type Session = Schemas['SessionOut'];
type Offer = Schemas['PantryOfferOut'];

interface Written {
  /** 0, and no comment, until somebody rates here: then the rating is the one that they gave before. */
  stars: number;
  comment: string;
  notes: string;
  /** What the dish took of what is at home; known once the session is completed. */
  offers: Offer[] | null;
}

/** The end of a cooking session: rating and notes, then what it took out of the pantry. */
export function Finish({ session }: { session: Session }) {
  const { route } = useLocation();
  const [written, setWritten, clear] = useDraft<Written>(`finish:${session.id}`, {
    stars: 0,
    comment: '',
    notes: session.notes ?? '',
    offers: null,
  });
  const own = useOwnRating(session.recipe_id, session.status === 'cooking');
  const stars = written.stars || own?.stars || 0;
  const comment = written.stars || written.comment ? written.comment : (own?.comment ?? '');
  const change = (changes: Partial<Written>) => setWritten((before) => ({ ...before, ...changes }));
  const leave = () => {
    clear();
    toast(t('cook.well_done'), {
      label: t('cook.share'),
      run: () => route(`/feed?recipe=${session.recipe_id}`),
    });
    route(`/recipes/${session.recipe_id}`);
  };
  const { submit, busy, error } = useSubmit(async () => {
    const offers = await complete(session, { ...written, stars, comment });
    void queries.invalidateQueries({ queryKey: ['recipe', session.recipe_id] });
    void queries.invalidateQueries({ queryKey: ['ratings', session.recipe_id] });
    void queries.invalidateQueries({ queryKey: ['sessions'] });
    if (offers.length) change({ offers });
    else leave();
  });
  if (written.offers) return <TakeOut session={session.id} offers={written.offers} onDone={leave} />;
  if (session.status !== 'cooking')
    return (
      <p>
        <a class="button primary" href={`/recipes/${session.recipe_id}`}>
          {t('import.open')}
        </a>
      </p>
    );
  return (
    <form class="stack" onSubmit={submit}>
      <p class="cook-text">{t('cook.enjoy')}</p>
      <Stars
        value={stars}
        onChange={(given) => change({ stars: given, comment })}
        label={t('rating.yours')}
      />
      {stars > 0 && (
        <Area
          label={t('rating.comment')}
          value={comment}
          onText={(text) => change({ stars, comment: text })}
          maxLength={500}
        />
      )}
      <Area
        label={t('cook.notes')}
        hint={t('cook.notes_hint')}
        value={written.notes}
        onText={(notes) => change({ notes })}
        maxLength={2000}
      />
      {error != null && <Problem error={error} />}
      <Button kind="primary" large type="submit" busy={busy}>
        {t('cook.complete')}
      </Button>
    </form>
  );
}

/** Complete a session; what it took of the pantry. One that another tab has completed offers nothing. */
async function complete(session: Session, { notes, stars, comment }: Written): Promise<Offer[]> {
  const body = { notes: notes || null, stars: stars || null, comment: stars && comment ? comment : null };
  try {
    const done = await unwrap(
      api.POST('/v1/cooking/sessions/{session_id}/complete', {
        params: { path: { session_id: session.id } },
        body,
      }),
    );
    return done.pantry;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'session_ended') return [];
    throw error;
  }
}
