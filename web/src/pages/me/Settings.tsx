import { useEffect, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { language, setLanguage, t, type Word } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { upload } from '~/lib/pictures';
import { setTheme, type Theme, theme } from '~/lib/theme';
import { toast } from '~/lib/toasts';
import { ALLERGENS, DIETS } from '~/parts/food';
import { Area, Avatar, Button, Check, Choice, Input, Problem, Select, Skeletons } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { Send } from '~/ui/Send';

type Profile = Schemas['ProfileOut'];
type Preferences = Schemas['PreferencesOut'];
type Privacy = Schemas['PrivacyOut'];
const AUDIENCES = ['public', 'friends', 'private'] as const;

const options = <T extends string>(values: readonly T[], prefix: string) =>
  values.map((value) => ({ value, label: t(`${prefix}.${value}` as Word) }));

export default function Settings() {
  return (
    <Page title={t('settings.title')} reading>
      <Appearance />
      <Food />
      <ProfileForm />
      <PrivacyForm />
      <Mails />
      <Security />
      <Rights />
    </Page>
  );
}

function Appearance() {
  return (
    <section class="card stack">
      <h2>{t('settings.appearance')}</h2>
      <Choice
        single
        legend={t('settings.language')}
        chosen={[language.value]}
        onChange={(chosen) => chosen[0] && setLanguage(chosen[0] as 'vi' | 'en')}
        options={[
          { value: 'vi', label: 'Tiếng Việt' },
          { value: 'en', label: 'English' },
        ]}
      />
      <Choice
        single
        legend={t('settings.theme')}
        chosen={[theme.value]}
        onChange={(chosen) => chosen[0] && setTheme(chosen[0] as Theme)}
        options={options(['auto', 'light', 'dark'], 'theme')}
      />
    </section>
  );
}

/** Loads something once and lets a form edit a copy of it. */
function useEdited<T>(
  key: string,
  load: () => Promise<T>,
): [T | null, (changes: Partial<T>) => void, unknown] {
  const { data, error } = useQuery({ queryKey: [key], queryFn: load });
  const [edited, setEdited] = useState<T | null>(null);
  useEffect(() => {
    if (data && !edited) setEdited(data);
  }, [data, edited]);
  return [edited, (changes) => setEdited((before) => (before ? { ...before, ...changes } : before)), error];
}

function Food() {
  const [value, change, failed] = useEdited<Preferences>('preferences', () =>
    unwrap(api.GET('/v1/users/me/preferences')),
  );
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.PUT('/v1/users/me/preferences', { body: value as Schemas['PreferencesInRequest'] }));
    await queries.invalidateQueries({ queryKey: ['preferences'] });
    toast(t('settings.saved'));
  });
  if (failed) return <Problem error={failed} />;
  if (!value) return <Skeletons count={1} />;
  const others = value.allergies.filter((one) => !ALLERGENS.includes(one as never));
  return (
    <form class="card stack" onSubmit={submit} id="food">
      <h2>{t('settings.food')}</h2>
      <p class="soft">{t('settings.allergies_lead')}</p>
      <Choice
        legend={t('settings.allergies')}
        options={options(ALLERGENS, 'allergen')}
        chosen={value.allergies}
        onChange={(chosen) =>
          change({ allergies: [...chosen.filter((one) => !others.includes(one)), ...others] })
        }
      />
      <Check
        label={t('settings.traces')}
        hint={t('settings.traces_hint')}
        checked={value.accepts_traces}
        onChange={(accepts_traces) => change({ accepts_traces })}
      />
      <Choice
        legend={t('recipe.diet')}
        options={options(DIETS, 'diet')}
        chosen={value.dietary_restrictions}
        onChange={(chosen) => change({ dietary_restrictions: chosen as Preferences['dietary_restrictions'] })}
      />
      <Choice
        single
        legend={t('settings.spice')}
        options={options(['none', 'mild', 'medium', 'hot'] as const, 'spice')}
        chosen={value.spice_level ? [value.spice_level] : []}
        onChange={(chosen) => change({ spice_level: (chosen[0] ?? null) as Preferences['spice_level'] })}
      />
      <Choice
        single
        legend={t('settings.skill')}
        options={options(['beginner', 'intermediate', 'advanced'] as const, 'skill')}
        chosen={value.skill_level ? [value.skill_level] : []}
        onChange={(chosen) => change({ skill_level: (chosen[0] ?? null) as Preferences['skill_level'] })}
      />
      <div class="grid">
        <NumberInput
          label={t('settings.people')}
          min={1}
          max={10}
          value={value.household_size}
          onText={(text) => change({ household_size: text ? Number(text) : null })}
        />
        <NumberInput
          label={t('settings.max_minutes')}
          min={15}
          max={240}
          step={5}
          value={value.max_minutes}
          onText={(text) => change({ max_minutes: text ? Number(text) : null })}
        />
        <NumberInput
          label={t('settings.recipe_count')}
          min={1}
          max={5}
          value={value.recipe_count}
          onText={(text) => change({ recipe_count: Number(text) || 3 })}
        />
      </div>
      <Send busy={busy} error={error} />
    </form>
  );
}

function ProfileForm() {
  const [value, change, failed] = useEdited<Profile>('me', () => unwrap(api.GET('/v1/users/me')));
  const [step, setStep] = useState<number | null>(null);
  const save = async (body: Schemas['PatchedProfileInRequest']) => {
    const saved = await unwrap(api.PATCH('/v1/users/me', { body }));
    queries.setQueryData(['me'], saved);
    toast(t('settings.saved'));
    return saved;
  };
  const { submit, busy, error, about } = useSubmit(async () => {
    if (value)
      await save({
        full_name: value.full_name,
        bio: value.bio || null,
        date_of_birth: value.date_of_birth || null,
      });
  });
  const face = async (file: File | undefined) => {
    if (!file) return;
    try {
      setStep(0);
      const saved = await save({ avatar: await upload(file, 'avatar', setStep) });
      change({ avatar: saved.avatar });
    } catch {
      toast(t('post.picture_refused', { name: file.name }));
    } finally {
      setStep(null);
    }
  };
  if (failed) return <Problem error={failed} />;
  if (!value) return <Skeletons count={1} />;
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.profile')}</h2>
      <div class="row">
        <Avatar person={value} large />
        <label class="button">
          {t('settings.face')}
          <input
            class="visually-hidden"
            type="file"
            accept="image/*"
            disabled={step !== null}
            onChange={(event) => void face(event.currentTarget.files?.[0])}
          />
        </label>
        {step !== null && <progress max={1} value={step} aria-label={t('post.uploading')} />}
      </div>
      <Input
        label={t('auth.full_name')}
        value={value.full_name}
        onText={(full_name) => change({ full_name })}
        maxLength={100}
        error={about('full_name')}
        required
      />
      <Area
        label={t('settings.bio')}
        value={value.bio ?? ''}
        onText={(bio) => change({ bio })}
        maxLength={500}
        error={about('bio')}
      />
      <Input
        label={t('settings.birth')}
        type="date"
        value={value.date_of_birth ?? ''}
        onText={(date_of_birth) => change({ date_of_birth })}
        error={about('date_of_birth')}
      />
      <Send busy={busy} error={error} />
    </form>
  );
}

function PrivacyForm() {
  const [value, change, failed] = useEdited<Privacy>('privacy', () =>
    unwrap(api.GET('/v1/users/me/privacy')),
  );
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.PATCH('/v1/users/me/privacy', { body: value as never }));
    toast(t('settings.saved'));
  });
  if (failed) return <Problem error={failed} />;
  if (!value) return <Skeletons count={1} />;
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.privacy')}</h2>
      <div class="grid">
        {(['profile', 'email', 'date_of_birth', 'history', 'preferences'] as const).map((name) => (
          <Select
            key={name}
            label={t(`privacy.${name}`)}
            value={value[name]}
            onText={(chosen) => change({ [name]: chosen } as Partial<Privacy>)}
            options={options(AUDIENCES, 'audience')}
          />
        ))}
      </div>
      <p>
        <a href="/blocked">{t('settings.blocked')}</a>
      </p>
      <Send busy={busy} error={error} />
    </form>
  );
}

function Mails() {
  const { data, error } = useQuery({
    queryKey: ['notification-settings'],
    queryFn: () => unwrap(api.GET('/v1/users/me/notification-settings')),
  });
  const set = async (email: Record<string, boolean>) => {
    const saved = await unwrap(
      api.PATCH('/v1/users/me/notification-settings', { body: { email } as never }),
    ).catch(() => null);
    if (saved) queries.setQueryData(['notification-settings'], saved);
    else toast(t('problem.unexpected'));
  };
  if (error) return <Problem error={error} />;
  if (!data) return <Skeletons count={1} height="6rem" />;
  return (
    <section class="card stack-s">
      <h2>{t('settings.mails')}</h2>
      {(Object.keys(data.email) as (keyof typeof data.email)[]).map((name) => (
        <Check
          key={name}
          label={t(`mail.${name}`)}
          checked={data.email[name]}
          onChange={(on) => void set({ [name]: on })}
        />
      ))}
    </section>
  );
}

function Security() {
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/change-password', { body: { old_password: old, new_password: next } }));
    setOld('');
    setNext('');
    toast(t('settings.password_changed'));
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.security')}</h2>
      <Input
        label={t('settings.old_password')}
        type="password"
        autocomplete="current-password"
        value={old}
        onText={setOld}
        error={about('old_password')}
        required
      />
      <Input
        label={t('auth.new_password')}
        hint={t('auth.password_hint')}
        type="password"
        autocomplete="new-password"
        value={next}
        onText={setNext}
        error={about('new_password')}
        required
      />
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t('settings.change_password')}
        </Button>
        <a class="button" href="/settings/mfa">
          {t('mfa.title')}
        </a>
      </div>
    </form>
  );
}

function Rights() {
  return (
    <section class="card stack-s">
      <h2>{t('settings.rights')}</h2>
      <p class="soft">{t('settings.rights_lead')}</p>
      <div class="row">
        <a class="button" href="/settings/data">
          {t('settings.data')}
        </a>
      </div>
    </section>
  );
}
