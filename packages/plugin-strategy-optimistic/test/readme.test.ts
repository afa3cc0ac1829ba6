import { fakeGenerator, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'
import { optimistic } from '../src/index.ts'

test('the file of the README is generated when its source is saved', async () => {
  const avatar = fakeGenerator()
  const { kernel } = testKernel({
    plugins: [optimistic()],
    generators: { 'profile:avatar': avatar },
    sources: [{ for: 'profile:avatar', items: async function* () {}, includes: (name) => name.startsWith('avatars/') }],
  })
  await kernel.source('avatars/kim.jpg').save(new Uint8Array([1]))
  expect(avatar.calls.generate).toBe(1)

  const file = kernel.file('profile:avatar', { source: 'avatars/kim.jpg' })
  expect(await file.exists()).toBe(true)
  expect(await file.bytes()).toEqual(avatar.imageOf(new Uint8Array([1])))

  const never = kernel.file('profile:avatar', { source: 'avatars/ann.jpg' })
  expect(await never.exists()).toBe(true)
  await expect(never.bytes()).rejects.toMatchObject({ code: 'NOT_GENERATED' })
  await kernel.close()
})
