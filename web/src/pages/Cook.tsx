import { ChevronLeft, ChevronRight, X } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { useAwake } from '~/lib/awake';
import { useTimers } from '~/lib/timers';
import { Amount } from '~/parts/Amount';
import { StepText } from '~/parts/StepText';
import { titleOf } from '~/parts/titles';
import { Button, IconButton, Problem, Skeletons } from '~/ui';
import { Finish } from './cook/Finish';

type Session = Schemas['SessionOut'];
type Recipe = Schemas['RecipeOut'];
const SWIPE = 60;

/** Cook mode: one big step at a time, timers that ring, the screen kept awake. Works without a network once it is open. */
export default function Cook({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['session', id],
    queryFn: () =>
      unwrap(api.GET('/v1/cooking/sessions/{session_id}', { params: { path: { session_id: id } } })),
    staleTime: 60_000,
  });
  if (data) return <Cooking key={data.id} session={data} />;
  return (
    <main id="main" tabIndex={-1} class="page stack">
      <header class="row-between">
        <h1 class="cook-title grow">{t('cook.title')}</h1>
        <a class="iconbutton" href="/history" aria-label={t('cook.leave')}>
          <X size={26} aria-hidden="true" />
        </a>
      </header>
      {error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeletons count={2} height="40vh" />
      )}
    </main>
  );
}

interface Place {
  x: number;
  y: number;
}

/** Which way a finger went: 1 to the next step, -1 back; 0 where it scrolled a long step, moving down more than across. */
export function swiped(from: Place, to: Place): -1 | 0 | 1 {
  const across = to.x - from.x;
  if (Math.abs(across) <= Math.max(SWIPE, 2 * Math.abs(to.y - from.y))) return 0;
  return across < 0 ? 1 : -1;
}

const placeOf = ({ changedTouches: [touch] }: TouchEvent) => ({
  x: touch?.clientX ?? 0,
  y: touch?.clientY ?? 0,
});

function Cooking({ session }: { session: Session }) {
  const { recipe } = session;
  const steps = recipe.steps;
  const [at, setAt] = useState(
    session.status === 'cooking' ? Math.min(session.current_step, steps.length) : steps.length,
  );
  const touched = useRef({ x: 0, y: 0 });
  useAwake();
  const go = (next: number) => {
    const bounded = Math.max(0, Math.min(steps.length, next));
    setAt(bounded);
    void remember(session, Math.min(bounded, steps.length - 1));
  };
  useEffect(() => {
    document.title = `${titleOf(recipe)} · ${t('cook.title')}`;
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
      if (event.key === 'ArrowRight') go(at + 1);
      if (event.key === 'ArrowLeft') go(at - 1);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  const finished = at >= steps.length;
  return (
    <main
      id="main"
      tabIndex={-1}
      class="cook"
      onTouchStart={(event) => {
        touched.current = placeOf(event);
      }}
      onTouchEnd={(event) => {
        const way = swiped(touched.current, placeOf(event));
        if (way) go(at + way);
      }}
    >
      <header class="row-between">
        <div class="grow">
          <h1 class="cook-title">{titleOf(recipe)}</h1>
          <p class="soft nums" role="status">
            {finished ? t('cook.done') : t('cook.step', { at: at + 1, count: steps.length })}
          </p>
        </div>
        <a class="iconbutton" href={`/recipes/${session.recipe_id}`} aria-label={t('cook.leave')}>
          <X size={26} aria-hidden="true" />
        </a>
      </header>
      <progress max={steps.length} value={at} aria-label={t('cook.progress')} />
      {finished ? <Finish session={session} /> : <Step recipe={recipe} servings={session.servings} at={at} />}
      <Timers />
      <nav class="cook-nav" aria-label={t('cook.steps')}>
        <Button large disabled={at === 0} onClick={() => go(at - 1)}>
          <ChevronLeft size={28} aria-hidden="true" /> {t('cook.back')}
        </Button>
        {!finished && (
          <Button kind="primary" large onClick={() => go(at + 1)}>
            {t(at === steps.length - 1 ? 'cook.finish' : 'cook.next')}{' '}
            <ChevronRight size={28} aria-hidden="true" />
          </Button>
        )}
      </nav>
    </main>
  );
}

/** Without a network the step is kept here and told at the next one. */
async function remember(session: Session, step: number): Promise<void> {
  queries.setQueryData<Session>(
    ['session', session.id],
    (before) => before && { ...before, current_step: step },
  );
  await unwrap(
    api.PATCH('/v1/cooking/sessions/{session_id}', {
      params: { path: { session_id: session.id } },
      body: { current_step: step },
    }),
  ).catch(() => undefined);
}

function Step({ recipe, servings, at }: { recipe: Recipe; servings: number; at: number }) {
  const step = recipe.steps[at];
  const { start } = useTimers();
  if (!step) return null;
  const factor = servings / recipe.servings;
  const used = recipe.ingredients.filter((line) => mentions(step.text, line.name));
  return (
    <section class="stack cook-step" aria-live="polite">
      <p class="cook-text">
        <StepText step={step} factor={factor} />
      </p>
      {used.length > 0 && (
        <ul class="chips" aria-label={t('cook.uses')}>
          {used.map((line) => (
            <li key={line.name} class="chip">
              <Amount quantity={line.quantity} unit={line.unit} factor={factor} /> {line.name}
            </li>
          ))}
        </ul>
      )}
      {step.minutes ? (
        <div>
          <Button
            large
            onClick={() =>
              start(t('cook.step', { at: at + 1, count: recipe.steps.length }), step.minutes ?? 0)
            }
          >
            ⏱ {t('cook.start_timer', { count: step.minutes })}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

const folded = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/giu, 'd').toLowerCase();

/** Does a step use an ingredient: by its whole name, or by the word that carries it. */
export function mentions(text: string, name: string): boolean {
  const words = ` ${folded(text).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const whole = folded(name)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (words.includes(` ${whole} `) || words.includes(` ${whole}s `)) return true;
  const last = whole.split(' ').at(-1) ?? '';
  return last.length > 4 && (words.includes(` ${last} `) || words.includes(` ${last}s `));
}

function Timers() {
  const { timers, stop } = useTimers();
  if (!timers.length) return null;
  return (
    <ul class="row timers">
      {timers.map((timer) => (
        <li key={timer.id} class={`chip ${timer.left <= 0 ? 'bad' : 'good'}`}>
          <span class="nums" role={timer.left <= 0 ? 'alert' : 'timer'}>
            {timer.left <= 0
              ? t('cook.time_up', { label: timer.label })
              : `${timer.label} · ${clock(timer.left)}`}
          </span>
          <IconButton label={t('cook.stop_timer')} onClick={() => stop(timer.id)}>
            <X size={18} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
