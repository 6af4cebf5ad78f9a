/** Text of people: shown as text, never as HTML, with names after an @ as links to a search for them. */
export function Text({ text }: { text: string }) {
  const parts = text.split(/(@[a-z0-9_.]{3,30})/g);
  return (
    <p class="pre">
      {parts.map((part, index) =>
        /^@[a-z0-9_.]{3,30}$/.test(part) ? (
          <a key={`${index}${part}`} href={`/friends?q=${encodeURIComponent(part.slice(1))}`}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
