import { defineErrors, isLatentImageError, type LatentImageError } from '@latent-image/kernel'

/** Every error that the command itself makes. */
export const errors = {
  ...defineErrors('caller', {
    UNKNOWN_PATTERN: 'No generator matches `{pattern}`. The config registers {known}.',
  }),
  ...defineErrors('machine', {
    FILE_FAILED: '{file} failed in an unexpected way: {reason}',
    ENUMERATION_FAILED: 'The files of `{pattern}` could not be enumerated to the end: {reason}',
  }),
}

/** What has a code stays as it is; anything else is wrapped. */
export function asOurs(error: unknown, wrap: (reason: string) => LatentImageError): LatentImageError {
  return isLatentImageError(error) ? error : wrap(error instanceof Error ? error.message : String(error))
}
