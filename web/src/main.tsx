import { render } from 'preact';
import '@fontsource-variable/inter/wght.css';
import './style/base.css';
import './style/page.css';
import './style/card.css';
import './style/detail.css';
import { start_session } from './session.ts';
import { App } from './view/app.tsx';

const root = document.createElement('div');
root.id = 'page';
document.body.append(root);
render(<App session={start_session()} />, root);
