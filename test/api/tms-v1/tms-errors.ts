import { says, saysRefusal } from '../expected.ts'

// The texts are copied from contract 5, not imported from the source.
const TMS: Readonly<Record<string, string>> = {
  'TMS.0002': 'Bad request.',
  'TMS.0004': 'You do not have permissions to perform the operation.',
  'TMS.0005': 'The resources requested cannot be found.',
  'TMS.0007': 'Limit is invalid.',
  'TMS.0008': 'Marker is invalid.',
  'TMS.0009': 'Key is invalid.',
  'TMS.0010': 'Value is invalid.',
  'TMS.0011': 'Action is invalid.',
  'TMS.0012': 'Tags is empty.',
  'TMS.0013': 'Empty element in Tags.',
  'TMS.0014': 'Values is empty.',
  'TMS.0016': 'Values is too much.',
  'TMS.0017': 'Offset is invalid.',
  'TMS.1001': 'The number of predefine tag exceeds the upper limit.',
  'TMS.1002': 'Old_tag cannot be found.',
  'TMS.1003': 'New_tag already exists.',
  'TMS.1004': 'Old_tag is empty.',
  'TMS.1005': 'Invalid key in Old_tag.',
  'TMS.1006': 'Invalid value in Old_tag.',
  'TMS.1007': 'New_tag is empty.',
  'TMS.1008': 'Invalid key in New_tag.',
  'TMS.1009': 'Invalid value in New_tag.',
  'TMS.1010': 'Order_field is invalid.',
  'TMS.1011': 'Order_method is invalid.',
  'TMS.2011': 'Project_id is invalid.',
  'TMS.5027': 'Invalid resource type.',
}

/** The body of an error: flat (D16). */
export function tmsBody(code: string, ...fragments: readonly string[]) {
  const text = TMS[code]
  if (text === undefined) throw new Error(`no text is known for ${code}`)
  return {
    error_code: code,
    error_msg: code === 'TMS.0004' ? saysRefusal(text, ...fragments) : says(text, ...fragments),
  }
}

/** The tag service: `{"error_code","error_msg"}`. */
export function tmsError(status: number, code: string, ...fragments: readonly string[]) {
  return { status, body: tmsBody(code, ...fragments) }
}
