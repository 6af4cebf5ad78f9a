/** Registers the service worker and says when a new version of the client is ready. */
import { t } from '~/i18n';
import { toast } from './toasts';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

function workerUrl(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  // The one script address that the client makes itself.
  return types
    ? types.createPolicy('worker', { createScriptURL: () => '/sw.js' }).createScriptURL('/sw.js')
    : '/sw.js';
}

/** Wait until the page stands: the worker fetches every file of the client, and the page's own come first. */
async function pageStands(): Promise<void> {
  if (document.readyState !== 'complete')
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 3000 });
    else setTimeout(resolve, 1000);
  });
}

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  await pageStands();
  const registration = await navigator.serviceWorker.register(workerUrl());
  const announce = () => {
    const waiting = registration.waiting;
    if (!waiting || !navigator.serviceWorker.controller) return;
    toast(t('app.new_version'), { label: t('app.reload'), run: () => waiting.postMessage('take-over') });
  };
  announce();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', announce);
  });
  let reloaded = false;
  const hadController = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (!hadController || reloaded) return;
    reloaded = true;
    location.reload();
  });
}
