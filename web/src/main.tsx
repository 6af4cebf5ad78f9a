import '~/ui/fonts.css';
import '~/ui/tokens.css';
import '~/ui/base.css';
import '~/ui/components.css';
import '~/ui/pages.css';
import { QueryClientProvider } from '@tanstack/preact-query';
import { render } from 'preact';
import { queries } from '~/api/queries';
import { resume } from '~/api/session';
import { App } from '~/app';
import { applyTheme } from '~/lib/theme';
import { registerWorker } from '~/lib/worker';
import { warmUp } from '~/routes';

applyTheme();
void resume();
warmUp(location.pathname);
void registerWorker().catch(() => undefined);

const root = document.getElementById('app');
if (root) {
  render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
    root,
  );
}
