import type { Schemas } from '~/api/client';
import { number } from '~/i18n';
import { kitchenNumber, scaleUnit } from './kitchen';

type Step = Schemas['StepOut'];
type Piece = { text: string; isAmount: boolean };

/**
 * Cut the text of a step at its amounts and put in what they come to, multiplied by `factor`.
 *
 * Positions count code points, as the API does; JavaScript would count an emoji as two.
 */
export function piecesOf(step: Step, factor: number): Piece[] {
  const letters = [...step.text];
  const pieces: Piece[] = [];
  let done = 0;
  for (const { start, end, quantity, quantity_max } of step.amounts ?? []) {
    if (start < done || end > letters.length) continue;
    pieces.push({ text: letters.slice(done, start).join(''), isAmount: false });
    const say = spoken(letters.slice(start, end).join(''), letters.slice(end).join(''), factor);
    const [low, high] = [say(quantity), say(quantity_max ?? quantity)];
    pieces.push({ text: low === high ? low : `${low}–${high}`, isAmount: true });
    done = end;
  }
  pieces.push({ text: letters.slice(done).join(''), isAmount: false });
  return pieces.filter((piece) => piece.text);
}

/** Whole numbers stay as they were written unless they are multiplied; what follows them says what they count. */
const spoken = (written: string, behind: string, factor: number) => (quantity: number) =>
  factor === 1 && Number.isInteger(quantity) && written.includes(String(quantity))
    ? number(quantity)
    : kitchenNumber(quantity * factor, scaleUnit(behind));

/** The text of a step with its amounts for as many as eat; they stand out, since they are not as they were written. */
export function StepText({ step, factor }: { step: Step; factor: number }) {
  return (
    <>
      {piecesOf(step, factor).map((piece, index) =>
        piece.isAmount ? (
          <strong key={index} class="nums">
            {piece.text}
          </strong>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
