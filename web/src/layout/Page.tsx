import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** The content of a page with its title; `aside` stands beside the title. */
export function Page({
  title,
  aside,
  lead,
  reading,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  lead?: ComponentChildren;
  reading?: boolean;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · Smart Cooking`;
  }, [title]);
  return (
    <main id="main" tabIndex={-1} class={`page stack-l ${reading ? 'reading' : ''}`}>
      <div class="row-between">
        <div class="stack-s grow">
          <h1>{title}</h1>
          {lead && <p class="soft">{lead}</p>}
        </div>
        {aside}
      </div>
      {children}
    </main>
  );
}
