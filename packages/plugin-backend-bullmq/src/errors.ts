import { defineErrors } from '@latent-image/kernel'

/** Every error that this package makes, beside those of the queue in `@latent-image/plugin-backend-async`. */
export const errors = {
  ...defineErrors('source', {
    JOB_GIVEN_UP:
      '{file} was given up: each worker that began it ended before it was done. See why they ended (out of memory, perhaps), and save the source anew once it is mended.',
  }),
  ...defineErrors('caller', {
    INVALID_ORDER: 'A job was refused: {problem}. See who writes to the queue `{queue}` beside Latent Image.',
    SOURCE_STAYS:
      '{file} was refused: its source brings its own bytes along, and they do not travel to other machines. Save them first with `kernel.source(name).save(bytes)` and give the name as the source, or use another backend for this generator.',
    NOT_APPLIED:
      'This backend is not part of the kernel whose queue is to be worked on. Give it to `createKernel` first.',
  }),
  ...defineErrors('machine', {
    QUEUE_CLOSED: 'The queue `{queue}` is closed, as its kernel is, so it neither accepts jobs nor has them worked on.',
  }),
}
