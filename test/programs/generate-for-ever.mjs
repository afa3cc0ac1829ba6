/** Makes derivatives of one picture again and again, until it is killed. Usage: node generate-for-ever.mjs FOLDER */
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFit } from '@latent-image/spec'

const widths = Array.from({ length: 12 }, (_, index) => 100 + 10 * index)
const kernel = createKernel(
  {
    plugins: [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()],
    generators: {
      any: imageSpec((_, { width, format }) => ({ processors: [resizeToFit(width, width)], format }), {
        params: { width: widths, format: ['jpeg', 'webp', 'png'] },
      }),
    },
  },
  { directory: process.argv[2] },
)
// A start-up is not what is to be killed.
kernel.events.once('generated', () => process.send('under way'))
for (;;) {
  const files = widths.flatMap((width) =>
    ['jpeg', 'webp', 'png'].map((format) => kernel.file('any', { source: 'photo.jpg', params: { width, format } })),
  )
  await Promise.all(files.map((file) => file.generate({ force: true })))
}
