import { defineErrors } from '@latent-image/kernel'

/** Every error that this package makes. */
export const errors = {
  ...defineErrors('machine', {
    CACHE_UNREACHABLE:
      'The state cache in {store} did not do what it was asked: {reason}. Check that it runs, can be reached from here and has memory left; files are served from storage meanwhile.',
  }),
  ...defineErrors('caller', {
    CACHE_RELEASED:
      'The state cache in {store} was used after its kernel had closed. Wait for your own calls before closing the kernel.',
  }),
}
