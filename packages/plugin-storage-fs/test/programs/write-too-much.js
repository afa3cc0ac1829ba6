// Writes a file of a number of bytes and prints what came of it.
import { createFsStorage } from '@latent-image/plugin-storage-fs'

const [root, size] = process.argv.slice(2)
const data = new Uint8Array(Number(size)).fill(2)
const outcome = await createFsStorage({ root })
  .write('folder/file.webp', data, { type: 'image/webp' })
  .then(
    () => ({ code: 'written' }),
    ({ code, fault, cause }) => ({ code, fault, cause: cause?.code }),
  )
process.stdout.write(JSON.stringify(outcome))
