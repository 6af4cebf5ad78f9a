/** Files of people. Pictures are turned upright and made small in the browser, posted straight to the storage, checked by a worker. */
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';

type Purpose = Schemas['PurposeEnum'];
const LONGEST = 2048;
const QUALITY = 0.85;
const PAUSE = 700;
const PATIENCE = 40;

/** Return a JPEG of at most 2,048 pixels a side; drawing it anew turns it upright and leaves out where it was taken. */
export async function shrink(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', QUALITY),
  );
}

/** Post a file straight to the storage; return the id of its upload. */
export async function post(
  file: Blob,
  purpose: Purpose,
  type: Schemas['UploadInRequest']['content_type'],
): Promise<string> {
  const form = await unwrap(
    api.POST('/v1/uploads', { body: { purpose, content_type: type, size: file.size } }),
  );
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  const posted = await fetch(form.url, { method: 'POST', body }).catch(() => {
    throw new ApiError(0, 'offline');
  });
  if (!posted.ok) throw new ApiError(posted.status, 'upload_refused');
  await unwrap(api.POST('/v1/uploads/{upload_id}/complete', { params: { path: { upload_id: form.id } } }));
  return form.id;
}

/** Upload a picture and wait until the worker has checked it; `onStep` tells how far it is, 0 to 1. */
export async function upload(
  file: Blob,
  purpose: Purpose,
  onStep: (done: number) => void = () => undefined,
): Promise<string> {
  const picture = await shrink(file).catch(() => {
    throw new ApiError(400, 'not_a_picture');
  });
  onStep(0.2);
  const id = await post(picture, purpose, 'image/jpeg');
  onStep(0.6);
  const path = { params: { path: { upload_id: id } } };
  for (let asked = 0; asked < PATIENCE; asked++) {
    const state = await unwrap(api.GET('/v1/uploads/{upload_id}', path));
    if (state.status === 'ready') {
      onStep(1);
      return id;
    }
    if (state.status === 'rejected') throw new ApiError(400, `picture_${state.reason ?? 'rejected'}`);
    onStep(0.6 + (0.4 * asked) / PATIENCE);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new ApiError(503, 'picture_not_checked');
}
