// Writes files over and over until it is killed: each is 300,000 times one byte.
import { createFsStorage } from '@latent-image/plugin-storage-fs'

const storage = createFsStorage({ root: process.argv[2] })
for (let round = Number(process.argv[3]); ; round++) {
  const files = [1, 2, 3].map((file) => `folder-${round % 7}/file-${file}.webp`)
  await Promise.all(files.map((key) => storage.write(key, new Uint8Array(300_000).fill(round), { type: 'image/webp' })))
  process.stdout.write('.')
}
