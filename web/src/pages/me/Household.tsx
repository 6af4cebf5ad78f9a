import { Link, UserMinus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { date, t, type Word } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { ALLERGENS } from '~/parts/food';
import { readHousehold, refreshHousehold as refresh } from '~/parts/household';
import { useNames } from '~/parts/names';
import { Avatar, Button, Check, Dialog, IconButton, Input, Notice, Problem, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';

type Home = Schemas['HouseholdOut'];
type Member = Schemas['MemberOut'];

/** Who shares a kitchen: pantry, plans and shopping lists belong to all of them. */
export default function Household() {
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['household'], queryFn: readHousehold });
  return (
    <Page title={data?.name ?? t('household.title')} lead={t('household.lead')} reading>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeletons height="5rem" />}
      {data === null && <None />}
      {data && <Members home={data} />}
    </Page>
  );
}

function None() {
  const received = useQuery({
    queryKey: ['household', 'received'],
    queryFn: () => unwrap(api.GET('/v1/household/invitations')),
  });
  return (
    <>
      {received.data?.items.map((one) => (
        <Notice key={one.code} kind="good">
          <p>{t('household.invited', { name: one.household_name, by: one.by?.full_name ?? '' })}</p>
          <p>
            <a class="button" href={`/household/join/${one.code}`}>
              {t('household.look')}
            </a>
          </p>
        </Notice>
      ))}
      <Found />
    </>
  );
}

function Found() {
  const [name, setName] = useState('');
  const [bring, setBring] = useState(true);
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.POST('/v1/household', { body: { name, bring_pantry: bring } }));
    await refresh();
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('household.found')}</h2>
      <Input
        label={t('household.name')}
        value={name}
        onText={setName}
        maxLength={60}
        error={about('name')}
        required
      />
      <Check label={t('household.bring_pantry')} checked={bring} onChange={setBring} />
      <p class="hint">{t('household.alone')}</p>
      <Send busy={busy} error={error} label={t('household.found')} />
    </form>
  );
}

function Members({ home }: { home: Home }) {
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/v1/users/me')) });
  const mine = home.members.find((member) => member.user?.id === me?.id);
  const isOwner = mine?.role === 'owner';
  return (
    <>
      <ul class="lines card">
        {home.members.map((member, index) => (
          <MemberLine
            key={member.user?.id ?? index}
            member={member}
            isMe={member === mine}
            canRemove={isOwner && member !== mine}
          />
        ))}
      </ul>
      {mine && me && <MyLimits member={mine} id={me.id} />}
      {isOwner && <Rename home={home} />}
      {isOwner && <Invite home={home} />}
      {me && <Leave id={me.id} isOwner={isOwner} isAlone={home.members.length === 1} />}
    </>
  );
}

function Rename({ home }: { home: Home }) {
  const [name, setName] = useState(home.name);
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.PATCH('/v1/household', { body: { name: name.trim() } }));
    await refresh();
    toast(t('settings.saved'));
  });
  return (
    <form class="card stack-s" onSubmit={submit}>
      <Input
        label={t('household.name')}
        value={name}
        onText={setName}
        maxLength={60}
        error={about('name')}
        required
      />
      {error != null && !about('name') && <Problem error={error} />}
      <div>
        <Button type="submit" busy={busy} disabled={!name.trim() || name === home.name}>
          {t('household.rename')}
        </Button>
      </div>
    </form>
  );
}

function MemberLine({ member, isMe, canRemove }: { member: Member; isMe: boolean; canRemove: boolean }) {
  const remove = useSubmit(async () => {
    await unwrap(
      api.DELETE('/v1/household/members/{user_id}', { params: { path: { user_id: member.user?.id ?? '' } } }),
    );
    await refresh();
  });
  const names = useNames((member.limits?.allergies ?? []).filter((one) => !ALLERGENS.includes(one as never)));
  if (!member.user) return null;
  const limits = [
    ...(member.limits?.allergies ?? [])
      .filter((one) => ALLERGENS.includes(one as never))
      .map((one) => t(`allergen.${one}` as Word)),
    ...names,
    ...(member.limits?.diets ?? []).map((one) => t(`diet.${one}`)),
  ];
  return (
    <li>
      <Avatar person={member.user} />
      <span class="grow">
        <a href={`/people/${member.user.id}`}>{member.user.full_name}</a>{' '}
        {isMe && <span class="soft">({t('household.you')})</span>}
        <br />
        <span class="small soft">
          {t(`role.${member.role}`)}
          {limits.length > 0 && ` · ${t('household.limits', { names: limits.join(', ') })}`}
        </span>
        {remove.error != null && <Problem error={remove.error} />}
      </span>
      {canRemove && (
        <IconButton
          label={t('household.remove', { name: member.user.full_name ?? member.user.username })}
          disabled={remove.busy}
          onClick={() => void remove.submit()}
        >
          <UserMinus size={20} aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}

function MyLimits({ member, id }: { member: Member; id: string }) {
  const set = async (body: Schemas['PatchedMemberChangeInRequest']) => {
    const saved = await unwrap(
      api.PATCH('/v1/household/members/{user_id}', { params: { path: { user_id: id } }, body }),
    ).catch(() => null);
    if (saved) queries.setQueryData(['household'], saved);
    else toast(t('problem.unexpected'));
  };
  return (
    <section class="card stack-s">
      <h2>{t('household.mine')}</h2>
      <Check
        label={t('household.respect')}
        checked={member.respect_limits}
        onChange={(on) => void set({ respect_limits: on })}
      />
      <Check
        label={t('household.show')}
        checked={member.show_limits}
        onChange={(on) => void set({ show_limits: on })}
      />
    </section>
  );
}

function Invite({ home }: { home: Home }) {
  const [username, setUsername] = useState('');
  const invite = async (name: string | null) => {
    const made = await unwrap(api.POST('/v1/household/invitations', { body: { username: name } }));
    await refresh();
    return made;
  };
  const byName = useSubmit(async () => {
    await invite(username.trim());
    setUsername((now) => (now === username ? '' : now));
    toast(t('household.sent'));
  });
  const byLink = useSubmit(async () => {
    const made = await invite(null);
    await navigator.clipboard.writeText(made.link).then(
      () => toast(t('recipe.link_copied')),
      () => undefined,
    );
  });
  const withdraw = async (code: string) => {
    await unwrap(api.DELETE('/v1/household/invitations/{code}', { params: { path: { code } } })).catch(() =>
      toast(t('problem.unexpected')),
    );
    await refresh();
  };
  return (
    <section class="card stack">
      <h2>{t('household.invite')}</h2>
      <form class="stack-s" onSubmit={byName.submit}>
        <Input
          label={t('auth.username')}
          value={username}
          onText={setUsername}
          autocapitalize="none"
          maxLength={31}
          error={byName.about('username')}
          required
        />
        {byName.error != null && <Problem error={byName.error} />}
        <div class="row">
          <Button kind="primary" type="submit" busy={byName.busy}>
            {t('household.invite')}
          </Button>
          <Button busy={byLink.busy} onClick={() => void byLink.submit()}>
            <Link size={18} aria-hidden="true" /> {t('household.make_link')}
          </Button>
        </div>
        {byLink.error != null && <Problem error={byLink.error} />}
      </form>
      {home.invitations.length > 0 && (
        <ul class="lines" aria-label={t('household.open')}>
          {home.invitations.map((one) => (
            <li key={one.code}>
              <span class="grow small">
                {one.user_id ? t('household.personal') : one.link}
                <br />
                <span class="soft">{t('pantry.until', { date: date(one.expires_at) })}</span>
              </span>
              <Button kind="quiet" onClick={() => void withdraw(one.code)}>
                {t('friends.withdraw')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Leave({ id, isOwner, isAlone }: { id: string; isOwner: boolean; isAlone: boolean }) {
  const [asking, setAsking] = useState<'leave' | 'dissolve' | null>(null);
  const { route } = useLocation();
  const { submit, busy, error } = useSubmit(async () => {
    if (asking === 'dissolve') await unwrap(api.DELETE('/v1/household'));
    else await unwrap(api.DELETE('/v1/household/members/{user_id}', { params: { path: { user_id: id } } }));
    setAsking(null);
    await refresh();
    route('/household', true);
  });
  return (
    <div class="row">
      {!isAlone && <Button onClick={() => setAsking('leave')}>{t('household.leave')}</Button>}
      {isOwner && (
        <Button kind="danger" onClick={() => setAsking('dissolve')}>
          {t('household.dissolve')}
        </Button>
      )}
      <Dialog
        title={t(asking === 'dissolve' ? 'household.dissolve' : 'household.leave')}
        open={asking !== null}
        onClose={() => setAsking(null)}
      >
        <p>{t(asking === 'dissolve' ? 'household.dissolve_sure' : 'household.leave_sure')}</p>
        {error != null && <Problem error={error} />}
        <div class="row">
          <Button kind="danger" busy={busy} onClick={() => void submit()}>
            {t(asking === 'dissolve' ? 'household.dissolve' : 'household.leave')}
          </Button>
          <Button kind="quiet" onClick={() => setAsking(null)}>
            {t('common.cancel')}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
