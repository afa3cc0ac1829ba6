import { defineErrors } from '@latent-image/kernel'

/** Every error that this package makes. */
export const errors = {
  ...defineErrors('caller', {
    INVALID_PRIORITY:
      'The priority of {file} cannot be told: {problem}. Have the option `priority` return a finite number.',
  }),
  ...defineErrors('machine', {
    QUEUE_FULL:
      'The queue holds {limit} jobs already, so this one was not accepted. Ask again later, raise `limit`, or use a queue that other machines work on.',
    QUEUE_CLOSED: 'The queue is closed, as its kernel is, so this job was not accepted.',
    BACKEND_UNAVAILABLE:
      'The queue did not accept the job for {file}: {reason}. Check that it can be reached from here; the next use tries again.',
  }),
}
