// In place of url-parse, which tus-js-client brings along for environments without URL.
export default URL;
