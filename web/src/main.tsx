import '@fontsource/be-vietnam-pro/400.css';
import '@fontsource/be-vietnam-pro/600.css';
import '@fontsource/be-vietnam-pro/700.css';
import '@fontsource-variable/lora/index.css';
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
