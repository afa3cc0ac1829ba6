import { defineErrors, isLatentImageError, type LatentImageError } from '@latent-image/kernel'

/** Every error that the command itself makes. */
export const errors = {
  ...defineErrors('caller', {
    NO_QUEUE:
      '`{file}` has no backend with a queue to work on. Add `@latent-image/plugin-backend-bullmq` to `plugins`, as the application that schedules has it.',
    UNKNOWN_PATTERN: 'No generator matches `{pattern}`. The config registers {known}.',
  }),
  ...defineErrors('machine', {
    FILE_FAILED: '{file} failed in an unexpected way: {reason}',
    OUTPUT_FAILED: 'The output cannot be written: {reason}. What was in work is finished; make room and run it again.',
  }),
}

/** What has a code stays as it is; anything else is wrapped. */
export function asOurs(error: unknown, wrap: (reason: string) => LatentImageError): LatentImageError {
  return isLatentImageError(error) ? error : wrap(error instanceof Error ? error.message : String(error))
}

/** An error's message, and what its cause says where that is something else. */
export function reasonOf({ message, cause }: LatentImageError): string {
  if (!(cause instanceof Error) || message.includes(cause.message)) return message
  return `${message} ${cause.message}`
}
