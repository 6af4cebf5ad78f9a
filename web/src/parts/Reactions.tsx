import { useEffect, useState } from 'preact/hooks';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';

export const REACTIONS = { like: '👍', love: '❤️', wow: '😮' } as const;
export type Reaction = keyof typeof REACTIONS;
const KINDS = Object.keys(REACTIONS) as Reaction[];

interface Props {
  mine: Reaction | null;
  counts: Record<Reaction, number>;
  onChoose: (reaction: Reaction | null) => Promise<unknown>;
}

/** Reactions to a post: shown at once, taken back where the server refuses. */
export function Reactions({ mine: given, counts: told, onChoose }: Props) {
  const [mine, setMine] = useState(given);
  const [counts, setCounts] = useState(told);
  useEffect(() => {
    setMine(given);
    setCounts(told);
  }, [given, told]);
  const choose = async (reaction: Reaction) => {
    const before = { mine, counts };
    const next = mine === reaction ? null : reaction;
    setMine(next);
    setCounts({
      ...counts,
      ...(mine ? { [mine]: counts[mine] - 1 } : {}),
      ...(next ? { [next]: counts[next] + 1 } : {}),
    });
    try {
      await onChoose(next);
    } catch {
      setMine(before.mine);
      setCounts(before.counts);
      toast(t('problem.unexpected'));
    }
  };
  return (
    <div class="row">
      {KINDS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          class={`chip ${mine === reaction ? 'on' : ''}`}
          aria-pressed={mine === reaction}
          aria-label={t(`reaction.${reaction}`, { count: counts[reaction] })}
          onClick={() => void choose(reaction)}
        >
          <span aria-hidden="true">{REACTIONS[reaction]}</span>{' '}
          <span class="nums">{counts[reaction] || ''}</span>
        </button>
      ))}
    </div>
  );
}
