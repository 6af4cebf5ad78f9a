/** Whether the network is there, as the browser tells it. */
import { signal } from '@preact/signals';

export const online = signal(navigator.onLine);
addEventListener('online', () => {
  online.value = true;
});
addEventListener('offline', () => {
  online.value = false;
});
