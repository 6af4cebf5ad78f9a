import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { language, t } from '~/i18n';
import { useEdited } from '~/lib/edited';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { COUNTRIES } from '~/parts/countries';
import { PictureButton } from '~/parts/PictureButton';
import { Area, Avatar, choices, Input, Problem, Select, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';

type Profile = Schemas['ProfileOut'];
const GENDERS = ['female', 'male', 'other'] as const;

/** Who one is, as others see it. */
export function ProfileForm() {
  const [value, change, failed, retry] = useEdited<Profile>('me', () => unwrap(api.GET('/v1/users/me')));
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
        gender: value.gender,
        country: value.country,
      });
  });
  const face = async (avatar: string) => {
    const saved = await save({ avatar });
    change({ avatar: saved.avatar });
  };
  if (failed && !value) return <Problem error={failed} onRetry={retry} />;
  if (!value) return <Skeletons count={1} />;
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.profile')}</h2>
      <div class="row">
        <Avatar person={value} large />
        <PictureButton label={t('settings.face')} purpose="avatar" onUploaded={face} />
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
      <div class="grid">
        <Select
          label={t('settings.gender')}
          value={value.gender ?? ''}
          onText={(gender) => change({ gender: (gender || null) as Profile['gender'] })}
          options={[{ value: '', label: t('place.none') }, ...choices(GENDERS, 'gender')]}
        />
        <Select
          label={t('settings.country')}
          value={value.country ?? ''}
          onText={(country) => change({ country: (country || null) as Profile['country'] })}
          options={[{ value: '', label: t('place.none') }, ...countries()]}
        />
      </div>
      <Send busy={busy} error={error} />
    </form>
  );
}

/** Countries by their names in the person's language, in its order. */
function countries(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([language.value], { type: 'region' });
  return COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((one, other) =>
    one.label.localeCompare(other.label, language.value),
  );
}
