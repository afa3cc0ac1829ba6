import { defineErrors } from '@latent-image/kernel'

/** Every error that this plugin itself makes. */
export const errors = defineErrors('machine', {
  DIRECTORY_UNREADABLE:
    'The folder `{directory}` cannot be read, so its sources cannot be enumerated. Check `directory` in the options of `globSources`, and the permissions.',
})
