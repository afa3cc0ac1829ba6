import type { Plugin, Scope } from '@latent-image/kernel'

/** Generates when a source is saved, and only then: a page never waits for a picture. */
export class OnSaveStrategy implements Plugin {
  readonly name = 'on-save'
  apply({ hooks }: Scope) {
    hooks.sourceSaved.tapPromise(this.name, (file) => file.generate())
  }
}
