/** What a page view costs when everything is known: no I/O, only function calls. */
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill } from '@latent-image/spec'
import { median, perSecond, report, rounds, thousands } from './measure.mjs'
import { photograph } from './photograph.mjs'

const kernel = createKernel({
  plugins: [memoryStorage(), keyvCache(), immediate(), jit()],
  generators: {
    thumbnail: imageSpec({ processors: [resizeToFill(240, 160)], format: 'webp' }),
    dynamic: imageSpec((_, { width }) => ({ processors: [resizeToFill(width, width)], format: 'webp' })),
  },
})
const source = 'avatars/kim.jpg'
await kernel.source(source).save(await photograph(640, 480))
const kept = kernel.file('thumbnail', { source })
const dynamic = { source, params: { width: 100 } }
for (const file of [kept, kernel.file('dynamic', dynamic)]) await file.bytes()

const results = await rounds(5, {
  'kernel.file()': () => perSecond(() => kernel.file('thumbnail', { source })),
  'new file, url()': () => perSecond(() => kernel.file('thumbnail', { source }).url()),
  'new file of a dynamic spec, url()': () => perSecond(() => kernel.file('dynamic', dynamic).url()),
  'kept file, url()': () => perSecond(() => kept.url()),
  'kept file, exists()': () => perSecond(() => kept.exists()),
  'kept file, width()': () => perSecond(() => kept.width()),
  'kept file, describe()': () => perSecond(() => kept.describe()),
})
report(
  'Page view, everything known (median of 5 rounds)',
  Object.entries(results).map(([name, rates]) => [name, thousands(median(rates))]),
)
await kernel.close()
