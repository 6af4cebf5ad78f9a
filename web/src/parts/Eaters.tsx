import { useQuery } from '~/api/queries';
import { state } from '~/api/session';
import { t } from '~/i18n';
import { readHousehold } from '~/parts/household';
import { Choice } from '~/ui';

interface Props {
  /** Null until somebody chose: then all members eat. */
  chosen: string[] | null;
  onChange: (chosen: string[]) => void;
}

/** For which members of one's household a meal is: all of them may eat it safely. Nothing for who cooks alone. */
export function Eaters({ chosen, onChange }: Props) {
  const { data } = useQuery({
    queryKey: ['household'],
    queryFn: readHousehold,
    enabled: state.value === 'in',
  });
  const people = data?.members.flatMap((member) => (member.user ? [member.user] : [])) ?? [];
  if (people.length < 2) return null;
  return (
    <Choice
      legend={t('plan.eaters')}
      options={people.map(({ id, full_name, username }) => ({
        value: id,
        label: full_name || `@${username}`,
      }))}
      chosen={chosen ?? people.map((one) => one.id)}
      onChange={onChange}
    />
  );
}
