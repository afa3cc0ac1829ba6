import { readFile } from 'node:fs/promises'
import { loadKernel } from '@latent-image/config'

const kernel = await loadKernel({ cwd: import.meta.dirname })
const upload = await readFile(new URL('../quickstart/media/photos/dawn.jpg', import.meta.url))

/** What a template shows: the picture if it is there, else a placeholder. Never waits, never fails. */
async function avatar(name) {
  const file = kernel.file('profile:avatar', { source: name })
  return (await file.exists()) ? `<img src="${await file.url()}">` : '<span class="placeholder">?</span>'
}

await kernel.source('avatars/kim.jpg').delete()
console.log('nothing uploaded:   ', await avatar('avatars/kim.jpg'))

await kernel.source('avatars/kim.jpg').save(upload)
console.log('uploaded, not told: ', await avatar('avatars/kim.jpg'))

await kernel.sourceSaved('avatars/kim.jpg', { for: 'profile:**' })
console.log('told, so generated: ', await avatar('avatars/kim.jpg'))

await kernel.close()
