import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['.venv/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'curly': ['error', 'multi-line', 'consistent'],
      'eqeqeq': 'error',
      'no-var': 'error',
      'no-shadow': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      'object-shorthand': 'error',
      'no-implicit-globals': 'error',
      'no-use-before-define': ['error', { functions: false, variables: false }],
      'max-len': ['error', { code: 120 }],
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
    },
  },
  { files: ['ui/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['ui/shell/first.js'], languageOptions: { sourceType: 'script' } },
  {
    files: ['tests/javascript/**/*.js', 'eslint.config.js'],
    languageOptions: { globals: { ...globals.nodeBuiltin, ...globals.browser } },
  },
];
