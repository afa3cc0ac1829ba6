import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Megabytes that a contestant takes at its peak, in a process of its own, so that one's peak is not another's: the program is
 * started again with the contestant's name, and has to call `answerPeak`.
 */
export async function peakOf(program, name, input) {
  const child = fork(fileURLToPath(program), [name], { serialization: 'advanced' })
  child.send(input)
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof answer !== 'object') throw new Error(`\`${name}\` ended with ${answer} and told no peak`)
  return answer.megabytes
}

/** The contestant whose peak this process was started to measure, if it was. */
export const measured = process.send ? process.argv[2] : undefined

/** Runs the measured contestant on the input that it is sent, and answers. */
export async function answerPeak(run) {
  const [input] = await once(process, 'message')
  // `maxRSS` would begin with what the parent had when it forked.
  const before = process.memoryUsage.rss()
  let peak = before
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 2)
  await run(input)
  clearInterval(sampling)
  process.send({ megabytes: (Math.max(peak, process.memoryUsage.rss()) - before) / 2 ** 20 })
  process.disconnect()
}
