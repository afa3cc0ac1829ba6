export { type PresetDefaultOptions, presetDefault, presetDefault as default } from './preset-default.ts'
