// Every text of the interface. Another language is another object of this shape.

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);
const grouped = (n: number) => n.toLocaleString('en');

export const strings = {
  close: 'Close', cancel: 'Cancel', save: 'Save', loading: 'Loading…', nothingFound: 'Nothing found', screenFailed: 'This screen failed. The others still work, and nothing was lost.', tryAgain: 'Try again', skip: 'Skip to content',
  navigation: 'Screens', messages: 'Messages',
  screens: { query: 'Query', schema: 'Schema', databases: 'Databases', access: 'Access', import: 'Import', samples: 'Samples', settings: 'Settings' },
  themes: { system: 'System', light: 'Light', dark: 'Dark', change: (now: string) => `Theme: ${now}` } as { system: string; light: string; dark: string; change(now: string): string },

  errors: {
    cancelled: 'Cancelled.',
    noAnswer: (status: number) => `The server answered with status ${status} and no explanation.`,
    unreachable: (place: string, why: string) =>
      `${place} could not be reached (${why}). A server on another origin must allow this page; the server that serves this page always does.`,
    uploadBroke: 'the file was not taken to its end', unknownType: (type: string) => `This browser’s engine has no values of type ${type}.`,
    interrupted: (why: string) => `The answer broke off: ${why}`,
  },

  connection: {
    title: 'Connection', change: 'Change connection', connecting: 'Connecting…', lost: 'No connection',
    noServer: 'No Nexus server answers where this page came from. Choose where your databases are.',
    server: 'A server', serverHint: 'The server that serves this page, or another one by its address. The password is kept in memory only.',
    url: 'Address (empty: this page’s server)', user: 'User', password: 'Password', connect: 'Connect',
    browser: 'This browser', browserHint: 'Databases that live in this browser alone. They work offline and never leave this computer.',
    expired: 'This password must be changed before anything else.', newPassword: 'New password', changeAndConnect: 'Change and connect',
    openBrowser: 'Open databases in this browser', noEngine: 'This build of the interface carries no engine, or this browser has no IndexedDB.',
  },

  selector: {
    label: (name: string) => `Current database: ${name}. Change`, list: 'Databases',
    filter: (n: number) => `Filter ${grouped(n)} ${plural(n, 'database', 'databases')}`, nodes: (n: string) => `${n} nodes`, manage: 'Manage databases',
  },
  palette: {
    title: 'Commands', button: 'Search', filter: 'Type a command, a screen or a database', go: 'Go to', saved: 'Saved query', theme: 'Theme',
    action: 'Action', database: 'Database', refresh: 'Read the list of databases again',
  },

  query: {
    editor: 'Statement', placeholder: 'MATCH (n) RETURN n LIMIT 25', run: 'Run', cancel: 'Cancel', explain: 'Explain', running: 'Running…', save: 'Save query',
    share: 'Copy link to this query', linkCopied: 'Link copied. It opens the query and does not run it.', linkElsewhere: (name: string) => `There is no database ${name} here. The query of the link is not run.`, history: 'History and saved queries',
    parameters: 'Parameters', parameterHint: 'JSON or text', resize: 'Resize the editor', statements: 'Statements',
    saveName: (database: string) => `Name, in ${database}`, position: (line: number, column: number) => `line ${line}, column ${column}`,
    welcome: (database: string) => `Ask ${database}`,
    starters: [
      { title: 'Some nodes', query: 'MATCH (n) RETURN n LIMIT 50' },
      { title: 'Some relationships', query: 'MATCH (a)-[r]->(b) RETURN a, r, b LIMIT 50' },
      { title: 'What is in here', query: 'MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS nodes ORDER BY nodes DESC' },
      { title: 'Every database', query: 'SHOW DATABASES' },
    ],
    problem: (line: number, column: number, message: string, more: number) => `${line}:${column} ${message}${more > 0 ? ` (and ${more} more)` : ''}`,
    keys: { run: 'run', runAll: 'run all', complete: 'complete', history: 'history', palette: 'commands' },
  },
  drafts: {
    label: 'Drafts', unnamed: (n: number) => `Draft ${n}`, name: 'Name of the draft', add: 'New draft (Ctrl Alt N)', close: (name: string) => `Close ${name}`, rename: 'F2 renames',
    hint: (n: number) => `Alt ${n} opens, F2 renames`, reopen: (name: string) => `Open again: ${name}`, tooMany: 'There are 40 drafts already. Close one first.',
  },
  history: {
    title: 'History', filter: 'Filter history', saved: 'Saved', ran: 'History', clear: 'Clear', noSaved: 'Nothing saved yet.',
    noHistory: (database: string) => `Nothing ran in ${database} yet.`, remove: (name: string) => `Remove ${name}`, failed: 'failed',
    facts: (rows: number | null, ms: number) => `${rows ?? 0} ${plural(rows ?? 0, 'row', 'rows')} · ${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`,
  },
  result: {
    title: 'Result', views: { label: 'Views', graph: 'Graph', table: 'Table', json: 'JSON', plan: 'Plan' }, export: 'Export',
    formats: { csv: 'CSV', json: 'JSON', jsonl: 'JSON Lines', graphml: 'GraphML' }, copyJson: 'Copy as JSON',
    rows: (n: number, text: string) => `${text} ${plural(n, 'row', 'rows')}`, rowsCut: (n: string) => `first ${n} rows, more were there`,
    elapsed: (us: number) => (us < 1000 ? `${us} µs` : us < 1e6 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(2)} s`),
    wall: (ms: string) => `${ms} ms until everything was here`, noRows: 'No rows.', done: 'Done.', doneWith: (what: string) => `Done: ${what}.`,
    jsonCut: (n: number, all: string) => `The first ${n} of ${all} rows. The export has them all.`,
    counter: (name: string, n: string) => `${n} ${({
      nodesCreated: 'nodes created', nodesDeleted: 'nodes deleted', relationshipsCreated: 'relationships created', relationshipsDeleted: 'relationships deleted',
      propertiesSet: 'properties set', labelsAdded: 'labels added', labelsRemoved: 'labels removed', systemUpdates: 'system updates',
    } as Record<string, string>)[name] ?? name}`,
  },
  grid: { sortBy: (column: string) => `Sort by ${column}` },
  plan: {
    readUpwards: 'Rows flow upwards: the last operator runs first.',
    advice: { allNodes: 'Reads every node. A label in the pattern narrows it.', product: 'Pairs every row with every row. A relationship between the patterns avoids it.' },
  },
  graph: {
    noWebGl: 'The graph is drawn with WebGL 2, which this browser does not offer. The table shows the same.',
    unlabelled: 'No label', tools: 'Graph', zoomIn: 'Zoom in (+)', zoomOut: 'Zoom out (−)', fit: 'Fit (F)', arrange: 'Arrange again (L)', expand: 'Expand neighbours (E)',
    pin: 'Pin (P)', hide: 'Hide (H)', fullScreen: 'Full screen', picture: 'Save as a picture', formats: { png: 'PNG', svg: 'SVG' }, noPicture: 'This browser could not draw the picture.',
    canvas: (nodes: number, relationships: number) =>
      `Graph of ${nodes} nodes and ${relationships} relationships. N and Shift-N walk the nodes, arrows pan, E expands, H hides, P pins, F fits.`,
    selected: (name: string, labels: string, degree: number) => `${name}, ${labels}, ${degree} ${plural(degree, 'relationship', 'relationships')}`,
    expanded: (n: number) => (n === 0 ? 'All neighbours are shown already.' : `${n} ${plural(n, 'neighbour', 'neighbours')} added.`),
    expandedPart: (n: number, max: number) => `${n} neighbours added; there are more than ${max}.`,
    leftOut: (shown: number, all: number) => `showing ${shown} of ${all} nodes`,
  },
  inspector: { title: 'Selected', copy: 'Copy as JSON', noProperties: 'No properties.', elementId: 'element id' },

  databases: {
    title: 'Databases', summary: (n: number) => `${grouped(n)} ${plural(n, 'database', 'databases')}, each with its own graph, log and limits`, filter: 'Filter', create: 'New database', restore: 'Restore',
    temporary: 'temporary', expires: (when: string) => `Ends ${when}`, copyOf: (name: string) => `Copy of ${name}`, source: 'Begins as', emptySource: 'empty',
    makeTemporary: 'Temporary: in memory, gone after its time or a restart', ttl: 'Minutes to live', confirm: (name: string) => `Type ${name} to confirm`,
    labelled: (name: string, label: string) => (label ? `${name} is labelled ${label}.` : `${name} has no label any more.`),
    trash: {
      button: (n: number) => (n === 0 ? 'Trash' : `Trash (${n})`), title: 'Trash', description: 'Dropped databases keep their data for a while.', empty: 'Nothing that was dropped is kept.',
      columns: { name: 'Name', dropped: 'Dropped', until: 'Kept until', nodes: 'Nodes', as: 'Bring back as' }, as: (name: string) => `Name for ${name}`,
      bring: (name: string) => `Bring back ${name}`, submit: 'Bring back', done: (name: string) => `${name} is back.`,
    },
    aliases: {
      button: (n: number) => (n === 0 ? 'Aliases' : `Aliases (${n})`), title: 'Aliases', description: 'Other names that lead to a database. Add one in the menu of the database.',
      empty: 'There are none.', alias: 'Alias', target: 'Leads to', remove: (name: string) => `Remove alias ${name}`, removed: (name: string) => `The alias ${name} is gone.`,
      taken: (name: string) => `There is an alias ${name} already.`,
    },
    columns: { name: 'Name', state: 'State', nodes: 'Nodes', relationships: 'Relationships', store: 'On disk', memory: 'In memory' },
    states: { online: 'online', offline: 'stopped', failed: 'failed', starting: 'starting', stopping: 'stopping' } as Record<string, string>,
    isDefault: 'default', isSystem: 'system', readOnly: 'read-only',
    stop: (name: string) => `Stop ${name}`, start: (name: string) => `Start ${name}`, actions: (name: string) => `Actions for ${name}`,
    stopped: (name: string) => `${name} is stopped.`, started: (name: string) => `${name} is online.`,
    madeReadOnly: (name: string) => `${name} is read-only now.`, madeWritable: (name: string) => `${name} can be written again.`,
    menu: {
      copy: 'Copy…', toBrowser: 'Copy to this browser…', toServer: 'Copy to a server…', download: 'Download…', rename: 'Rename…', alias: 'Add alias…', readOnly: 'Make read-only', writable: 'Make writable', environment: 'Label as', noEnvironment: 'no label', drop: 'Drop…',
    },
    nameRule: '3 to 63 characters: letters, digits, dots and dashes, beginning with a letter.',
    dropCounts: (nodes: string, relationships: string) => `${nodes} nodes and ${relationships} relationships will be gone.`,
isProduction: 'This is a production database.',
    tasks: {
      create: { title: () => 'New database', description: () => 'Isolated from all others, usable at once.', field: () => 'Name', submit: 'Create', done: (name: string) => `${name} was created.` },
      copy: { title: (from: string) => `Copy ${from}`, description: (from: string) => `An independent, writable copy of ${from} as it is now.`, field: () => 'Name of the copy', submit: 'Copy', done: (name: string, from: string) => `${name} is a copy of ${from}.` },
      rename: { title: (from: string) => `Rename ${from}`, description: () => 'Its data, aliases and privileges stay.', field: () => 'New name', submit: 'Rename', done: (name: string, from: string) => `${from} is called ${name} now.` },
      alias: { title: (from: string) => `Alias for ${from}`, description: () => 'Another name for the same database.', field: () => 'Alias', submit: 'Add', done: (name: string, from: string) => `${name} means ${from} now.` },
      drop: { title: (from: string) => `Drop ${from}?`, description: () => 'The database and everything in it goes to the trash.', field: () => '', submit: 'Drop', done: (_: string, from: string) => `${from} was dropped.` },
      stop: { title: (from: string) => `Stop ${from}?`, description: () => 'Whoever uses it is sent away until it is started again.', field: () => '', submit: 'Stop', done: (_: string, from: string) => `${from} is stopped.` },
    } as Record<'create' | 'copy' | 'rename' | 'alias' | 'drop' | 'stop', { title(from: string): string; description(from: string): string; field(from: string): string; submit: string; done(name: string, from: string): string }>,
  },

  access: {
    title: 'Access', signedIn: (user: string) => `Signed in as ${user}`,
    none: 'There are no users here', noneHint: 'Users, roles and privileges are for servers. Whoever can open databases in this browser may do everything with them.',
    forbidden: 'Users and roles are shown to those who may list them. This is what you may do:',
    password: {
      own: 'Change my password', description: 'Of the user you are signed in as. Other sessions go on until they sign in again.', old: 'Password now', next: 'New password', submit: 'Change', done: 'Your password was changed.',
    },
    users: {
      tab: (n: number) => `Users (${grouped(n)})`, filter: 'Filter users', create: 'New user', empty: 'No users yet. Accounts of the server itself are not listed.', noHome: 'default database',
      columns: { name: 'Name', roles: 'Roles', home: 'Home database', state: 'State' }, active: 'active', suspended: 'suspended', mustChange: 'must change password',
      actions: (name: string) => `Actions for ${name}`, menu: { edit: 'Roles and home…', password: 'Set password…', rename: 'Rename…', suspend: 'Suspend', activate: 'Activate', drop: 'Drop…' },
      wasSuspended: (name: string) => `${name} is suspended.`, activated: (name: string) => `${name} is active again.`,
      password: 'Password', passwordRule: 'At least 8 characters.', generate: 'Generate', askChange: 'Must be changed at the first sign-in', confirm: (name: string) => `Type ${name} to confirm`,
      tasks: {
        create: { title: () => 'New user', description: 'Signs in with name and password, and may do what the roles allow.', submit: 'Create', done: (name: string) => `${name} was created.` },
        edit: { title: (name: string) => `Roles of ${name}`, description: 'They count from the next statement on.', submit: 'Save', done: (name: string) => `${name} was changed.` },
        password: { title: (name: string) => `Password of ${name}`, description: 'The old one stops working at once.', submit: 'Set', done: (name: string) => `${name} has a new password.` },
        rename: { title: (name: string) => `Rename ${name}`, description: 'Roles and sessions stay.', submit: 'Rename', done: (from: string, to: string) => `${from} is called ${to} now.` },
        drop: { title: (name: string) => `Drop ${name}?`, description: 'Sessions of this user stop working. A new user of the name is somebody else.', submit: 'Drop', done: (name: string) => `${name} was dropped.` },
      } as Record<'create' | 'edit' | 'password' | 'rename' | 'drop', { title(name: string): string; description: string; submit: string; done(name: string, to: string): string }>,
    },
    roles: {
      tab: (n: number) => `Roles (${grouped(n)})`, list: 'Roles', members: (n: number) => `${grouped(n)} ${plural(n, 'user', 'users')}`, create: 'New role', name: 'Name', source: 'Begins as', noSource: 'no privileges',
      rename: 'Rename…', drop: 'Drop…', filter: 'Filter databases', matrix: (role: string) => `What ${role} may do`, place: 'On', everywhere: 'all databases', home: 'home database of the user',
      capabilities: { use: 'Use', read: 'Read', write: 'Write', names: 'New names', indexes: 'Indexes', constraints: 'Constraints' },
      said: { granted: 'granted', denied: 'denied', nothing: 'nothing said' }, inherited: (said: string) => `${said} for all databases`,
      cell: (what: string, place: string, said: string) => `${what} on ${place}: ${said}`, changed: (role: string) => `${role} was changed.`,
      commands: (n: number) => `All privileges as commands (${n})`, revoke: (command: string) => `Take back: ${command}`,
      tasks: {
        create: { title: () => 'New role', description: 'A named set of privileges that users are given.', submit: 'Create', done: (name: string) => `${name} was created.` },
        rename: { title: (name: string) => `Rename ${name}`, description: 'Members and privileges stay.', submit: 'Rename', done: (from: string, to: string) => `${from} is called ${to} now.` },
        drop: { title: (name: string) => `Drop ${name}?`, description: 'Its members lose what it granted.', submit: 'Drop', done: (name: string) => `${name} was dropped.` },
      } as Record<'create' | 'rename' | 'drop', { title(name: string): string; description: string; submit: string; done(name: string, to: string): string }>,
    },
    verdict: {
      tab: 'Who may what?', user: 'User', database: 'Database', what: 'To', answer: 'May', why: 'Because', may: { yes: 'yes', no: 'no', partly: 'in part' },
      granted: (roles: string) => `granted by ${roles}`, denied: (roles: string) => `denied by ${roles}`, nobody: 'no role grants it',
    },
  },

  transfer: {
    begins: 'Beginning…', counted: (nodes: string, relationships: string) => `${nodes} nodes, ${relationships} relationships`, sized: (size: string) => size,
    file: 'File', name: 'Name of the new database', kind: 'Kind of file', dump: 'Dump', dumpHint: 'exactly as it is, for any server or browser', graph: 'Graph', graphHint: 'what it holds, as text that other programs can read',
    download: { title: (name: string) => `Download ${name}`, description: 'As one file, of one moment, while the database is used.', submit: 'Download' },
    toBrowser: { title: (name: string) => `Copy ${name} to this browser`, description: 'Nodes, relationships, indexes and constraints become a database of this browser.', submit: 'Copy' },
    toServer: { title: (name: string) => `Copy ${name} to a server`, description: 'Nodes, relationships, indexes and constraints become a database of that server.', submit: 'Copy' },
    restore: { title: () => 'Restore from a file', description: 'A dump or a graph file becomes a new database.', submit: 'Restore' },
    saved: (name: string, size: string) => `${name} was written to a file of ${size}.`, restored: (name: string) => `${name} was restored.`,
    sent: (name: string, place: string, nodes: string, relationships: string) => `${name} is in ${place} now: ${nodes} nodes, ${relationships} relationships.`,
    damaged: (why: string) => `The file is damaged: ${why}. Nothing was restored.`, line: (at: number) => `line ${at} cannot be read`, noEnd: 'its end is missing',
    notOurs: 'This is neither a dump nor a graph file of Nexus', tooNew: 'The file was written by a newer Nexus.', lost: 'A relationship lost one of its nodes.',
    dumpTooLarge: (size: string, most: string) => `The file has ${size} and this browser takes ${most}: restore it on a server.`,
    tooLarge: (most: number) => `There are more than ${most} nodes and relationships: use a dump.`,
  },

  schema: {
    title: 'Schema', count: 'count', labels: 'Labels', types: 'Relationship types', filter: 'Filter labels, types and properties', again: 'Look again', always: 'always', sometimes: 'sometimes',
    look: 'Show some', empty: (database: string) => `${database} is empty`, emptyHint: 'A schema appears here by itself once there is data.',
  },

  import: {
    title: 'Import', description: 'CSV and JSON files become nodes and relationships. Files are read here and sent to the chosen database alone.',
    drop: 'Drop files here, or choose them', formats: 'CSV, TSV, JSON, JSON Lines', tooLarge: 'larger than 256 MB; use nexus import',
    records: (n: string) => `${n} records`, remove: (name: string) => `Remove ${name}`, becomes: 'Records become', kinds: { nodes: 'nodes', relationships: 'relationships' },
    label: 'Label', type: 'Type', key: 'Told apart by', noKey: 'nothing (always new)', ends: { start: 'From', end: 'To' }, column: 'Column', endLabel: 'Label', endKey: 'Property',
    use: (column: string) => `Use ${column}`, property: (column: string) => `Property for ${column}`, typeOf: (column: string) => `Type of ${column}`,
    types: { string: 'text', integer: 'integer', float: 'number', boolean: 'true/false', date: 'date', datetime: 'date and time', 'as it is': 'as it is' },
    target: 'Into', intoCurrent: 'the current database', intoNew: 'a new database', newName: 'Name of the new database', start: (n: string) => `Import ${n} records`,
    needsLabel: 'A label is missing.', needsType: 'A relationship type is missing.', needsEnds: 'Say where relationships begin and end.', needsName: 'Name the new database.',
    isReadOnly: (name: string) => `${name} is read-only.`, finished: 'Imported', look: 'Look at it',
    report: (kind: 'nodes' | 'relationships', n: string, name: string) => `${n} ${kind} ${kind === 'nodes' ? 'with label' : 'of type'} ${name}.`,
    rejected: (n: string) => `${n} records were rejected.`, unmatched: (n: string) => `${n} records found no node at an end.`,
    wouldReject: (n: string) => `${n} records would be rejected:`, problem: (record: number, column: string) => `Record ${record}, ${column}:`,
    parserProblems: (n: number, first: string) => `${n} ${plural(n, 'line is', 'lines are')} damaged, for example ${first}`,
  },

  samples: {
    title: 'Samples', description: 'Graphs to try things with. Each goes into a database of its own, and works offline.', load: 'Create this database',
    loading: (name: string) => `Loading ${name}`, loaded: (name: string) => `${name} is ready.`, there: (name: string) => `${name} is here`, ours: 'part of Nexus',
    missing: (url: string) => `${url} is missing on the server.`,
    list: {
      miserables: {
        title: 'Les Misérables', description: 'Who appears with whom in the novel, and in how many chapters.', facts: '77 characters, 254 relationships',
        q: ['The whole graph', 'Who meets most others', 'From Napoleon to Gavroche'],
      },
      flights: {
        title: 'Flights', description: 'Airports of the United States and the flights between them.', facts: '3,376 airports, 5,366 routes',
        q: ['The busiest routes from JFK', 'Two legs within Alaska', 'Flights by state'],
      },
      planets: {
        title: 'Planets and moons', description: 'The solar system: what orbits what, how far and how large.', facts: '1 star, 8 planets, 18 moons',
        q: ['The whole system', 'Planets with their moons', 'Moons larger than planets'],
      },
    },
  },

  settings: {
    title: 'Settings', connectedTo: (place: string, version: string) => `Connected to ${place}${version && `, Nexus ${version}`}`, look: 'Theme', results: 'Results',
    rowsMax: 'Rows fetched at most', nodesMax: 'Nodes drawn at most', connectResult: 'Draw relationships between the nodes of a result, also those the query did not return',
    keys: 'Keys', privacy: 'What is kept here', forget: 'Forget everything',
    privacyText: 'History, saved queries, drafts and settings are kept in this browser only. No request goes anywhere but to this page’s origin and the server you chose.',
    keyList: [
      ['Mod Enter', 'Run the statement at the cursor, or the selection'], ['Shift Enter', 'Run all statements'], ['Esc', 'Cancel, close'], ['Mod Space', 'Complete'], ['F8', 'Next problem in the text'],
      ['Mod S', 'Save the query'], ['Mod ↑', 'Older statement'], ['Mod ↓', 'Newer statement'], ['Mod K', 'Commands'], ['Mod P', 'Choose a database'],
      ['Alt 1', 'First draft; Alt 2 the second, and so on'], ['Ctrl Alt N', 'New draft'], ['Ctrl Alt W', 'Close the draft'],
      ['Shift Alt 1', 'Graph'], ['Shift Alt 2', 'Table'], ['Shift Alt 3', 'JSON'], ['Shift Alt 4', 'Plan'], ['N', 'In the graph: next node; Shift N: previous'], ['E', 'In the graph: expand'], ['H', 'In the graph: hide'],
      ['P', 'In the graph: pin'], ['F', 'In the graph: fit'], ['L', 'In the graph: arrange again'],
    ] as [string, string][],
  },
  storage: {
    title: 'Storage of this browser', used: (used: string, quota: string) => `${used} of ${quota} are used.`, kept: 'This browser keeps the databases until you delete them.',
    mayBeDeleted: 'This browser may delete these databases when space runs short, and Safari after seven days without a visit.', ask: 'Ask the browser to keep them',
  },
};
