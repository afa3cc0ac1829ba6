import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { printable, writeLine } from '../src/terminal.ts'

function stream(highWaterMark: number) {
  const through = new PassThrough({ encoding: 'utf8', highWaterMark })
  return { through, stream: through as unknown as NodeJS.WriteStream }
}

test('waits until a slow reader has made room', async () => {
  const { through, stream: slow } = stream(4)
  let isWritten = false
  const writing = writeLine(slow, 'a long line').then(() => {
    isWritten = true
  })
  await new Promise(setImmediate)
  expect(isWritten).toBe(false)
  expect(through.read()).toBe('a long line\n')
  await writing
  expect(isWritten).toBe(true)
})

test('does not wait for a pipe that broke', async () => {
  const { through, stream: broken } = stream(4)
  through.on('error', () => {})
  const writing = writeLine(broken, 'a long line')
  through.destroy(new Error('broken'))
  await writing
  await writeLine(broken, 'another line')
})

test('shows what could steer a terminal as codes, and leaves other writing alone', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d')
  expect(printable('Käse – 写真 👩‍🚀')).toBe('Käse – 写真 👩‍🚀')
})
