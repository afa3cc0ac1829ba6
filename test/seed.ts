import fc from 'fast-check'

// Everybody who works here tries other cases; a change is judged by the same ones every time.
if (process.env.CI) fc.configureGlobal({ seed: 1839 })
