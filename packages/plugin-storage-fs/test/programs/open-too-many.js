// Uses a storage while no file can be opened, and again when one can; prints what came of it.
import { closeSync, openSync } from 'node:fs'
import { createFsStorage } from '@latent-image/plugin-storage-fs'

const storage = createFsStorage({ root: process.argv[2] })
const info = { type: 'image/webp' }
const codeOf = (promise) =>
  promise.then(
    () => 'fine',
    ({ code, fault }) => `${code} ${fault}`,
  )
const listAll = async () => {
  for await (const _ of storage.list());
}
await storage.write('file.webp', new Uint8Array(10).fill(1), info)

const open = []
try {
  while (true) open.push(openSync(process.execPath))
} catch {}
const during = [
  await codeOf(storage.write('file.webp', new Uint8Array(10).fill(2), info)),
  await codeOf(storage.write('new/file.webp', new Uint8Array(10).fill(2), info)),
  await codeOf(storage.read('file.webp')),
  await codeOf(storage.stream('file.webp')),
  await codeOf(listAll()),
]
for (const file of open) closeSync(file)
const after = [...(await storage.read('file.webp'))]
process.stdout.write(JSON.stringify({ during, after }))
