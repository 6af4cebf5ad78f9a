import { CalendarSync, Copy, Lock, LockOpen, Pencil, RefreshCw, ShoppingCart, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { duration, t, weekday } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { addDays, daysFrom } from '~/lib/zone';
import { JobProgress, useJob } from '~/parts/Job';
import { titleOf } from '~/parts/titles';
import { Button, Dialog, IconButton, Input, Plate, Problem, Select, Skeletons } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { Send } from '~/ui/Send';
import { DishChooser } from './DishChooser';

type Plan = Schemas['PlanOut'];
type Slot = Schemas['SlotOut'];
type Change = Schemas['PatchedPlanChangeInRequest'];

interface Loaded {
  plan: Plan;
  etag: string;
}

async function load(id: string): Promise<Loaded> {
  let etag = '';
  const plan = await unwrap(
    api.GET('/v1/plans/{plan_id}', { params: { path: { plan_id: id } } }).then((result) => {
      etag = result.response.headers.get('ETag') ?? '';
      return result;
    }),
  );
  return { plan, etag };
}

export default function PlanPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['plan', id], queryFn: () => load(id) });
  if (!data)
    return (
      <Page title={t('plan.title')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeletons />}
      </Page>
    );
  return <Calendar {...data} onChanged={() => void refetch()} />;
}

function Calendar({ plan, etag, onChanged }: Loaded & { onChanged: () => void }) {
  const [changing, setChanging] = useState<string | null>(null);
  const [asking, setAsking] = useState<'calendar' | 'copy' | 'delete' | null>(null);
  const { route } = useLocation();
  const change = async (body: Change) => {
    try {
      await unwrap(
        api.PATCH('/v1/plans/{plan_id}', {
          params: { path: { plan_id: plan.id }, header: { 'If-Match': etag } },
          body,
        }),
      );
    } finally {
      onChanged();
    }
  };
  const shop = useSubmit(async () => {
    const list = await unwrap(
      api.POST('/v1/plans/{plan_id}/list', { params: { path: { plan_id: plan.id } } }),
    );
    route(`/lists/${list.id}`);
  });
  const days = daysFrom(plan.start, plan.days);
  const slot = plan.slots.find((one) => one.id === changing);
  return (
    <Page
      title={plan.place ? `${t('plan.title')}: ${plan.place}` : t('plan.title')}
      lead={`${weekday(plan.start)} – ${weekday(addDays(plan.start, plan.days - 1))}`}
    >
      <div class="row no-print">
        <Button kind="primary" busy={shop.busy} onClick={() => void shop.submit()}>
          <ShoppingCart size={18} aria-hidden="true" /> {t('plan.shop')}
        </Button>
        <Button onClick={() => setAsking('calendar')}>
          <CalendarSync size={18} aria-hidden="true" /> {t('plan.calendar')}
        </Button>
        <Button onClick={() => setAsking('copy')}>
          <Copy size={18} aria-hidden="true" /> {t('plan.copy')}
        </Button>
        <IconButton label={t('plan.delete')} onClick={() => setAsking('delete')}>
          <Trash2 size={20} aria-hidden="true" />
        </IconButton>
      </div>
      {shop.error != null && <Problem error={shop.error} />}
      {plan.status === 'filling' && <Filling plan={plan} onEnd={onChanged} />}
      <ol class="plan-days">
        {days.map((day) => (
          <Day key={day} day={day} plan={plan} onChange={change} onOpen={setChanging} />
        ))}
      </ol>
      <SlotDialog slot={slot} plan={plan} onClose={() => setChanging(null)} onChange={change} />
      <CalendarAddress plan={plan} open={asking === 'calendar'} onClose={() => setAsking(null)} />
      <CopyPlan plan={plan} open={asking === 'copy'} onClose={() => setAsking(null)} />
      <DeletePlan plan={plan} open={asking === 'delete'} onClose={() => setAsking(null)} />
    </Page>
  );
}

function Filling({ plan, onEnd }: { plan: Plan; onEnd: () => void }) {
  const { data } = useJob(plan.job_id, onEnd);
  return <JobProgress job={data} label={t('plan.filling_lead')} />;
}

interface DayProps {
  day: string;
  plan: Plan;
  onChange: (body: Change) => Promise<void>;
  onOpen: (slot: string) => void;
}

function Day({ day, plan, onChange, onOpen }: DayProps) {
  const slots = plan.slots
    .filter((slot) => slot.date === day)
    .sort((one, other) => plan.meals.indexOf(one.meal) - plan.meals.indexOf(other.meal));
  return (
    <li class="card stack-s">
      <h2 class="day">{weekday(day)}</h2>
      {slots.length === 0 && <p class="soft small">{t('plan.free_day')}</p>}
      <ul class="stack-s">
        {slots.map((slot) => (
          <Meal key={slot.id} slot={slot} plan={plan} onChange={onChange} onOpen={onOpen} />
        ))}
      </ul>
    </li>
  );
}

function Meal({ slot, plan, onChange, onOpen }: Omit<DayProps, 'day'> & { slot: Slot }) {
  const lock = useSubmit(() => onChange({ slots: [{ ...sameSlot(slot), locked: !slot.locked }] }));
  const swap = useSubmit(() => onChange({ slots: [{ ...sameSlot(slot), swap: true }] }));
  const name = `${t(`meal.${slot.meal}`)}, ${weekday(slot.date)}`;
  const source = plan.slots.find((one) => one.id === slot.leftovers_of);
  const problem = swap.error ?? lock.error;
  return (
    <li class="meal stack-s">
      <p class="small soft">{t(`meal.${slot.meal}`)}</p>
      {slot.recipe ? (
        <a class="row meal-dish" href={`/recipes/${slot.recipe.id}`}>
          <span class="meal-picture">
            <Plate seed={slot.recipe.title} />
          </span>
          <strong class="grow">{titleOf(slot.recipe)}</strong>
        </a>
      ) : (
        <p>{t('plan.open_slot')}</p>
      )}
      <p class="meta nums">
        {slot.recipe?.minutes != null && <span>{duration(slot.recipe.minutes)}</span>}
        <span>{t('recipe.servings', { count: slot.servings })}</span>
        {slot.leftovers_of && <span>{t('plan.leftovers', { day: source ? weekday(source.date) : '' })}</span>}
      </p>
      {slot.why && <p class="small soft">{slot.why}</p>}
      {problem != null && <Problem error={problem} />}
      <div class="row meal-actions no-print">
        <IconButton
          label={t('plan.swap', { name })}
          disabled={slot.locked || swap.busy}
          onClick={() => void swap.submit()}
        >
          <RefreshCw size={18} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('plan.lock', { name })}
          aria-pressed={slot.locked}
          onClick={() => void lock.submit()}
        >
          {slot.locked ? <Lock size={18} aria-hidden="true" /> : <LockOpen size={18} aria-hidden="true" />}
        </IconButton>
        <IconButton label={t('plan.change', { name })} onClick={() => onOpen(slot.id)}>
          <Pencil size={18} aria-hidden="true" />
        </IconButton>
      </div>
    </li>
  );
}

/** A change names its slot; `swap` and `clear` are said unless they are wanted. */
const sameSlot = (slot: Slot) => ({ id: slot.id, swap: false, clear: false });

interface SlotDialogProps {
  slot: Slot | undefined;
  plan: Plan;
  onClose: () => void;
  onChange: (body: Change) => Promise<void>;
}

function SlotDialog({ slot, plan, onClose, onChange }: SlotDialogProps) {
  const title = slot ? `${t(`meal.${slot.meal}`)}, ${weekday(slot.date)}` : '';
  return (
    <Dialog title={title} open={Boolean(slot)} onClose={onClose}>
      {slot && <SlotForm key={slot.id} slot={slot} plan={plan} onClose={onClose} onChange={onChange} />}
    </Dialog>
  );
}

function SlotForm({ slot, plan, onClose, onChange }: SlotDialogProps & { slot: Slot }) {
  const [day, setDay] = useState(slot.date);
  const [meal, setMeal] = useState<string>(slot.meal);
  const [servings, setServings] = useState(String(slot.servings));
  const [leftovers, setLeftovers] = useState(slot.leftovers_of ?? '');
  const [swapWith, setSwapWith] = useState('');
  const days = daysFrom(plan.start, plan.days);
  const { submit, busy, error } = useSubmit(async () => {
    await onChange({
      slots: [
        {
          ...sameSlot(slot),
          servings: Number(servings) || slot.servings,
          ...(day !== slot.date ? { date: day } : {}),
          ...(meal !== slot.meal ? { meal: meal as Schemas['PlanMealEnum'] } : {}),
          ...(leftovers !== (slot.leftovers_of ?? '') ? { leftovers_of: leftovers || null } : {}),
        },
      ],
      ...(swapWith ? { exchange_days: { one: slot.date, other: swapWith } } : {}),
    });
  }, onClose);
  const clear = useSubmit(async () => {
    await onChange({ slots: [{ ...sameSlot(slot), clear: true }] });
  }, onClose);
  const choose = useSubmit(async (dish: string) => {
    await onChange({ slots: [{ ...sameSlot(slot), recipe_id: dish }] });
  }, onClose);
  const earlier = plan.slots.filter((one) => one.recipe && one.date < slot.date && !one.leftovers_of);
  return (
    <form class="stack" onSubmit={submit}>
      <DishChooser busy={choose.busy} error={choose.error} onChoose={(dish) => void choose.run(dish)} />
      <Select
        label={t('plan.move_day')}
        value={day}
        onText={setDay}
        options={days.map((value) => ({ value, label: weekday(value) }))}
      />
      <Select
        label={t('home.meal')}
        value={meal}
        onText={setMeal}
        options={plan.meals.map((value) => ({ value, label: t(`meal.${value}`) }))}
      />
      <NumberInput label={t('plan.servings')} min={1} max={50} value={servings} onText={setServings} />
      {earlier.length > 0 && (
        <Select
          label={t('plan.eat_leftovers')}
          value={leftovers}
          onText={setLeftovers}
          options={[
            { value: '', label: t('plan.no_leftovers') },
            ...earlier.map((one) => ({
              value: one.id,
              label: `${one.recipe && titleOf(one.recipe)} (${weekday(one.date)})`,
            })),
          ]}
        />
      )}
      <Select
        label={t('plan.exchange_days')}
        value={swapWith}
        onText={setSwapWith}
        options={[
          { value: '', label: t('plan.no_exchange') },
          ...days.filter((value) => value !== slot.date).map((value) => ({ value, label: weekday(value) })),
        ]}
      />
      {(error ?? clear.error) != null && <Problem error={error ?? clear.error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t('common.save')}
        </Button>
        <Button busy={clear.busy} onClick={() => void clear.submit()}>
          {t('plan.clear')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}

interface AskingProps {
  plan: Plan;
  open: boolean;
  onClose: () => void;
}

function CalendarAddress({ plan, open, onClose }: AskingProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(plan.calendar).then(
      () => toast(t('recipe.link_copied')),
      () => undefined,
    );
  };
  const change = useSubmit(async () => {
    const next = await unwrap(
      api.POST('/v1/plans/{plan_id}/calendar', { params: { path: { plan_id: plan.id } } }),
    );
    queries.setQueryData<Loaded>(['plan', plan.id], (before) => before && { ...before, plan: next });
    await queries.invalidateQueries({ queryKey: ['plan', plan.id] });
  });
  return (
    <Dialog title={t('plan.calendar')} open={open} onClose={onClose}>
      <p>{t('plan.calendar_lead')}</p>
      <Input label={t('plan.calendar_address')} value={plan.calendar} readOnly />
      {change.error != null && <Problem error={change.error} />}
      <div class="row">
        <Button kind="primary" onClick={() => void copy()}>
          {t('common.copy')}
        </Button>
        <Button busy={change.busy} onClick={() => void change.submit()}>
          {t('plan.calendar_change')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}

function CopyPlan({ plan, open, onClose }: AskingProps) {
  const { route } = useLocation();
  const [start, setStart] = useState(addDays(plan.start, 7));
  const { submit, busy, error } = useSubmit(async () => {
    const made = await unwrap(
      api.POST('/v1/plans/{plan_id}/copy', {
        params: { path: { plan_id: plan.id } },
        body: { start },
      }),
    );
    onClose();
    route(`/plans/${made.id}`);
  });
  return (
    <Dialog title={t('plan.copy')} open={open} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Input label={t('plan.start')} type="date" value={start} onText={setStart} required />
        <Send busy={busy} error={error} label={t('plan.copy')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function DeletePlan({ plan, open, onClose }: AskingProps) {
  const { route } = useLocation();
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/plans/{plan_id}', { params: { path: { plan_id: plan.id } } }));
    await queries.invalidateQueries({ queryKey: ['plans'] });
    route('/plans', true);
  });
  return (
    <Dialog title={t('plan.delete')} open={open} onClose={onClose}>
      <p>{t('plan.delete_sure')}</p>
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="danger" busy={busy} onClick={() => void submit()}>
          {t('common.delete')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
